import { z } from "zod";
import { buyAndLoad } from "../../shared/backfill/buy-and-load.ts";
import { failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import type { Receipt } from "../../shared/backfill/receipt.ts";
import { readRecord, selectionSchema } from "../../shared/backfill/run-units.ts";
import { sourceOfModel } from "../../shared/text/chosen-model.ts";
import { addLoads, loadedCaptures } from "../../shared/warehouse/tables/loads.ts";
import type { Backfill, BackfillDeps } from "../backfill.ts";
import { dataset, readingSchema, rowOfReceipt } from "./dataset.ts";
import { planReports, type ReportPlanRequest } from "./plan.ts";
import { placeOfReport, storeReport } from "./store-report.ts";
import { keyOf, type ReportUnit } from "./units.ts";

/** What became of the reports that are there. */
export interface ReportsReport {
  readonly score_set: string;
  readonly reports: number;
  readonly held: number;
  readonly read: number;
  /** Of those that were read now, by state: scored, refused, invalid, unread. */
  readonly states: Readonly<Record<string, number>>;
  readonly pages: number;
  readonly bought: number;
  /** Reports that came into the table, and those of them that no security trades under yet. */
  readonly loaded: number;
  readonly unlinked: number;
  readonly failed: readonly FailedUnit[];
  readonly missing: readonly string[];
}

const parametersSchema = z.object({
  ...readingSchema,
  where: z.string(),
  ...selectionSchema,
});

/** `quarry backfill reports` */
export const backfill: Backfill<ReportPlanRequest, ReportUnit, ReportsReport> = {
  dataset,
  sourceOf: sourceOfModel,
  parametersOf: (request) => ({ ...request }),
  argsOf: ({ parameters }) => readRecord(parameters, parametersSchema, dataset.name),
  inShort: (args) => args,
  plan: planReports,
  run,
  failureOf: ({ failed, missing, reports }) =>
    failureOfUnits({ failed, missing }, { vendor: "the model", what: "reports", units: reports }),
};

/** Reads reports wherever the run's children are, and brings what they say into the tables. */
async function run(
  args: ReportPlanRequest,
  deps: BackfillDeps<ReportUnit>,
  signal: AbortSignal,
): Promise<ReportsReport> {
  const { warehouse } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planReports(args, planDeps);
  const units = new Map(plan.all.map((unit) => [keyOf(unit), unit]));
  const { loaded, brought, failed, missing } = await buyAndLoad(
    dataset,
    plan,
    deps,
    (done, options) => load(done, units, deps, options),
    signal,
  );
  const states: Record<string, number> = {};
  for (const { about } of brought) {
    const state = String(about["state"]);
    states[state] = (states[state] ?? 0) + 1;
  }
  const sum = (name: string): number =>
    brought.reduce((total, { about }) => total + Number(about[name] ?? 0), 0);
  return {
    score_set: plan.scoreSet,
    reports: plan.all.length + plan.odd.length,
    held: plan.held,
    read: brought.length,
    states,
    pages: sum("pages"),
    bought: sum("bought"),
    ...loaded,
    failed: [...failed, ...plan.odd],
    missing,
  };
}

/** Brings reports in; those that no security trades under yet are looked at again each time. */
async function load(
  receipts: readonly Receipt[],
  units: ReadonlyMap<string, ReportUnit>,
  { warehouse, objects }: BackfillDeps<ReportUnit>,
  { source, runId, nowMs }: { source: string; runId: string; nowMs: number },
): Promise<{ loaded: number; unlinked: number }> {
  const there = await loadedCaptures(warehouse, "reports", source);
  let loaded = 0;
  let unlinked = 0;
  for (const receipt of receipts) {
    const { hash } = receipt.files[0]!;
    const unit = units.get(receipt.key)!;
    if (there.has(hash) || receipt.basis !== unit.basis) continue;
    const row = await rowOfReceipt(objects, receipt);
    const place = await placeOfReport(warehouse, row.reportId, unit, unit.cameMs);
    await storeReport(warehouse, row, place, { runId, nowMs });
    loaded++;
    if (place.securityId === undefined) {
      unlinked++;
      continue;
    }
    const load = { dataset: "reports", source, capture: hash, origin: receipt.key, rows: 1 };
    await addLoads(warehouse, [load], { runId, nowMs });
  }
  return { loaded, unlinked };
}
