import { buyAndLoad } from "../../shared/backfill/buy-and-load.ts";
import { failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { loadFilings, type LoadedFilings } from "../../shared/backfill/load-filings.ts";
import type { BackfillDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { planFilings, type FilingPlanRequest } from "./plan.ts";
import type { FilingUnit } from "./units.ts";

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
  const { warehouse, objects } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planFilings(args, planDeps);
  const { loaded, brought, failed, missing } = await buyAndLoad(
    dataset,
    plan,
    deps,
    (done, options) => loadFilings(warehouse, objects, done, options),
    signal,
  );
  return {
    source: plan.source,
    units: plan.all.length,
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
