import { endsOf, failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { loadFilings, type LoadedFilings } from "../../shared/backfill/load-filings.ts";
import { withLoaderLease } from "../../shared/backfill/loader-lease.ts";
import { receiptsOfUnits } from "../../shared/backfill/receipt.ts";
import { settled } from "../../shared/backfill/through-run.ts";
import type { BackfillDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { planFilings, type FilingPlan, type FilingPlanRequest } from "./plan.ts";
import { keyOf, type FilingUnit } from "./units.ts";

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

/** Brings documents of filings into the object store, and the text of reports by item into the warehouse. */
export async function run(
  args: FilingPlanRequest,
  deps: BackfillDeps<FilingUnit>,
  signal: AbortSignal,
): Promise<FilingsReport> {
  const { warehouse } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planFilings(args, planDeps);
  const bought = await deps.buy(plan, signal);
  return settled(bought, () => load(plan, deps, signal), deps.log);
}

async function load(
  plan: FilingPlan,
  { warehouse, objects, runId, log, now }: BackfillDeps<FilingUnit>,
  signal: AbortSignal,
): Promise<FilingsReport> {
  const { all: units, source } = plan;
  const receipts = await receiptsOfUnits(objects, dataset.name, source, units.map(keyOf));
  const done = receipts.flat().filter(({ state }) => state === "done");
  const options = { source, runId, nowMs: now() };
  const loaded = await withLoaderLease(
    objects,
    runId,
    () => loadFilings(warehouse, objects, done, options),
    signal,
  );
  log.info({ dataset: dataset.name, rows: loaded.documents }, "loaded");
  const { brought, failed, missing } = endsOf(dataset, plan, receipts, runId);
  return {
    source,
    units: units.length,
    held: plan.held,
    fetched: brought.length,
    loaded,
    without_items: brought.filter(({ about }) => about["no_items"] != null).map(({ key }) => key),
    failed: [...plan.unknown, ...failed],
    missing,
  };
}

/** What the report means for the process: nothing, a failure, or another try later. */
export function failureOf(report: FilingsReport): Error | undefined {
  return failureOfUnits(report, { vendor: "EDGAR", what: "filings", units: report.units });
}
