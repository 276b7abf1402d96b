import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import { datasets } from "../../shared/catalogue.ts";
import { messageOf } from "../../shared/errors.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { sourceOfModel, type ChosenModel } from "../../shared/text/chosen-model.ts";
import { openModel } from "../../shared/text/open-model.ts";
import type { PlanDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { findReports } from "./find-reports.ts";
import { checkDays, readReportPrompts, reportScoreSet } from "./read-one.ts";
import type { ReportUnit } from "./units.ts";

/** Which reports are to be read, by what. */
export interface ReportPlanRequest extends ChosenModel {
  /** A folder, or s3://bucket/prefix. */
  readonly where: string;
  /** Parts of a report that are read at once. */
  readonly concurrency: number;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

export interface ReportPlan extends Plan<ReportUnit> {
  readonly scoreSet: string;
  /** Files that can't be read as they are: nobody says whose they are, or their days can't be. */
  readonly odd: readonly FailedUnit[];
}

/** Looks what is there, and which of it is read; no file is opened but those beside reports. */
export async function planReports(request: ReportPlanRequest, deps: PlanDeps): Promise<ReportPlan> {
  const { where, only, newestFirst } = request;
  const prompts = await readReportPrompts();
  const { model, close } = await openModel(request, deps, undefined);
  await close();
  const scoreSet = reportScoreSet(prompts, model);
  const odd: FailedUnit[] = [];
  const units: ReportUnit[] = [];
  for (const { file, version, cameMs = deps.nowMs, identity } of await findReports(where)) {
    if (identity === undefined) {
      const message = `nobody says whose report it is: name it reports/<TICKER>/<period-end>/..., or put a .json with ticker and period_end beside it`;
      odd.push({ key: file, reason: "unidentified", message });
      continue;
    }
    try {
      checkDays(identity, deps.nowMs);
    } catch (thrown) {
      odd.push({ key: file, reason: "days", message: messageOf(thrown) });
      continue;
    }
    const { ticker, periodEnd, published } = identity;
    units.push({
      file,
      ticker,
      published,
      cameMs,
      basis: contentHash(
        JSON.stringify([
          version,
          prompts.notes.hash,
          prompts.whole.hash,
          model.provider,
          model.model,
        ]),
      ),
      from: periodEnd,
      to: periodEnd,
    });
  }
  const { requests, tokensIn, tokensOut } = datasets.reports.cost;
  const plan = await planUnits(
    dataset,
    {
      source: sourceOfModel(request),
      units,
      // How many pages a file has is not known before it is opened.
      tokensOf: ({ length }) => ({
        requests: length * requests,
        in: length * tokensIn,
        out: length * tokensOut,
        price: model.price,
      }),
      only,
      newestFirst,
    },
    deps,
  );
  return { ...plan, scoreSet, odd };
}
