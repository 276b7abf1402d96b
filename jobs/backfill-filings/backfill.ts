import { z } from "zod";
import { Register, type AskedCompany } from "../../shared/backfill/edgar-register.ts";
import { failedIn, type FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { loadFilings, type LoadedFilings } from "../../shared/backfill/load-filings.ts";
import { withLoaderLease } from "../../shared/backfill/loader-lease.ts";
import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import { receiptsOfUnits } from "../../shared/backfill/receipt.ts";
import {
  optional,
  readRecord,
  recordedDay,
  selectionSchema,
} from "../../shared/backfill/run-units.ts";
import { settled } from "../../shared/backfill/through-run.ts";
import { Failed, InvalidInput, SourceUnavailable } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import type { Backfill, BackfillDeps, PlanDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { keyOf, type FilingUnit } from "./units.ts";

/** Which filings are asked for. */
export interface FilingPlanRequest {
  readonly source: string;
  readonly companies: readonly AskedCompany[];
  /** Exactly these: an amendment is a form of its own, `10-K/A`. */
  readonly forms: readonly string[];
  /** Filing days. */
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** With the exhibits that are PDF. */
  readonly exhibits: boolean;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** A plan, and what was asked for and is no company. */
export interface FilingPlan extends Plan<FilingUnit> {
  readonly unknown: readonly FailedUnit[];
}

export interface FilingsReport {
  readonly source: string;
  readonly units: number;
  readonly held: number;
  readonly fetched: number;
  readonly loaded: LoadedFilings;
  /** Reports in which no heading of an item was found. */
  readonly without_items: readonly string[];
  readonly failed: readonly FailedUnit[];
  readonly missing: readonly string[];
}

/** Asks EDGAR for the companies' lists of filings, once a day each, and reads the ledger. */
async function plan(request: FilingPlanRequest, deps: PlanDeps): Promise<FilingPlan> {
  const { source, companies, forms, from, to, exhibits, only, newestFirst } = request;
  const register = new Register({ ...deps, now: () => deps.nowMs }, new AbortController().signal);
  try {
    const { issuerIds, unknown } = await register.resolve(companies);
    const wanted = new Set(forms);
    const units: FilingUnit[] = [];
    for (const issuerId of issuerIds) {
      for (const filing of await register.filings(issuerId, from, to)) {
        const { accession, form, filed, primaryDocument: document } = filing;
        if (!wanted.has(form)) continue;
        units.push({ issuerId, accession, form, document, exhibits, from: filed, to: filed });
      }
    }
    return { ...(await planUnits(dataset, { source, units, only, newestFirst }, deps)), unknown };
  } finally {
    await register.close();
  }
}

/** Brings documents of filings into the object store, and the text of reports by item into the warehouse. */
async function run(
  args: FilingPlanRequest,
  deps: BackfillDeps<FilingUnit>,
  signal: AbortSignal,
): Promise<FilingsReport> {
  const { warehouse, objects, runId, log } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const planned = await plan(args, planDeps);
  const bought = await deps.buy(planned, signal);
  return settled(
    bought,
    async () => {
      const { all: units, source } = planned;
      const receipts = await receiptsOfUnits(objects, dataset.name, source, units.map(keyOf));
      const done = receipts.flat().filter(({ state }) => state === "done");
      const options = { source, runId, nowMs: deps.now() };
      const loaded = await withLoaderLease(
        objects,
        runId,
        () => loadFilings(warehouse, objects, done, options),
        signal,
      );
      log.info({ dataset: dataset.name, rows: loaded.documents }, "loaded");
      const own = done.filter((receipt) => receipt.runId === runId);
      const isDone = (at: number): boolean => receipts[at]!.some(({ state }) => state === "done");
      const failed = units.flatMap((_, at) =>
        isDone(at) ? [] : (failedIn(runId, receipts[at]!) ?? []),
      );
      const failedKeys = new Set(failed.map(({ key }) => key));
      return {
        source,
        units: units.length,
        held: planned.held,
        fetched: own.length,
        loaded,
        without_items: own.filter(({ about }) => about["no_items"] != null).map(({ key }) => key),
        failed: [...planned.unknown, ...failed],
        missing: planned.units.map(keyOf).filter((key) => {
          const at = units.findIndex((unit) => keyOf(unit) === key);
          return !isDone(at) && !failedKeys.has(key);
        }),
      };
    },
    log,
  );
}

function failureOf({ failed, missing, units }: FilingsReport): Error | undefined {
  const again = failed.filter(({ reason }) => reason === "unavailable").length + missing.length;
  if (again > 0) {
    return new SourceUnavailable(
      `${again} of ${units} filings did not come; run the same command again later.`,
    );
  }
  const [first] = failed;
  if (first === undefined) return undefined;
  const message = `${failed.length} of what was asked for failed (${first.key}: ${first.message}).`;
  const isOurs = failed.every(({ reason }) => reason.startsWith("unknown_"));
  return isOurs ? new InvalidInput(message) : new Failed(message);
}

const parametersSchema = z.object({
  companies: z.array(z.object({ name: z.string(), issuer: optional(z.string()) })),
  forms: z.array(z.string()),
  from: recordedDay,
  to: recordedDay,
  exhibits: z.boolean(),
  ...selectionSchema,
});

/** `quarry backfill filings` */
export const backfill: Backfill<FilingPlanRequest, FilingUnit, FilingsReport> = {
  dataset,
  sourceOf: ({ source }) => source,
  parametersOf: ({ companies, forms, from, to, exhibits, only, newestFirst }) => ({
    companies,
    forms,
    from,
    to,
    exhibits,
    only,
    newestFirst,
  }),
  argsOf: ({ source, parameters }) => ({
    ...readRecord(parameters, parametersSchema, dataset.name),
    source,
  }),
  inShort: ({ companies, forms, from, to, only }) => ({
    companies: companies.length,
    forms: forms.join(","),
    from,
    to,
    only,
  }),
  plan,
  run,
  failureOf,
};
