import { buyAndLoad } from "../../shared/backfill/buy-and-load.ts";
import { failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { loadFacts, type LoadedFacts } from "../../shared/backfill/load-facts.ts";
import { linkSecurities } from "../../shared/warehouse/tables/issuers.ts";
import type { BackfillDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { planFacts, type FactPlanRequest } from "./plan.ts";
import type { FactUnit } from "./units.ts";

export interface FactsReport {
  readonly source: string;
  /** Fetch units: companies, or the zips as one. */
  readonly units: number;
  /** Held already: nothing was asked of EDGAR for them. */
  readonly held: number;
  readonly fetched: number;
  /** Companies whose facts, or whose lack of facts, came now. */
  readonly companies: number;
  readonly loaded: LoadedFacts;
  /** Companies that EDGAR has, and has no facts of. */
  readonly without_facts: readonly string[];
  /** Entries of the zips that could not be read. */
  readonly damaged: { readonly entries: number; readonly first: string };
  readonly failed: readonly FailedUnit[];
  /** Not asked for, as EDGAR stopped answering. */
  readonly missing: readonly string[];
  /** Securities of prices that have found their issuer. */
  readonly linked: number;
}

/**
 * Brings what companies report from EDGAR into the warehouse. What is held is not asked for again; a unit that failed is
 * asked for at the next run.
 *
 * @throws InvalidInput without a contact address
 * @throws SourceRejected when EDGAR refuses us
 */
export async function run(
  args: FactPlanRequest,
  deps: BackfillDeps<FactUnit>,
  signal: AbortSignal,
): Promise<FactsReport> {
  const { warehouse, objects, runId } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planFacts(args, planDeps);
  const {
    loaded: { loaded, linked },
    brought,
    failed,
    missing,
  } = await buyAndLoad(
    dataset,
    plan,
    deps,
    async (done, options) => ({
      loaded: await loadFacts(warehouse, objects, done, { ...options, token: runId }),
      linked: await linkSecurities(warehouse, deps.now()),
    }),
    signal,
  );
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  return {
    source: plan.source,
    units: plan.all.length,
    held: plan.held,
    fetched: brought.length,
    // A company's own receipt counts none.
    companies: brought.reduce((sum, { about: { companies = 1 } }) => sum + number(companies), 0),
    loaded,
    without_facts: brought.filter(({ about }) => about["no_facts"] != null).map(({ key }) => key),
    damaged: {
      entries: brought.reduce((sum, { about }) => sum + number(about["damaged"]), 0),
      first: brought.map(({ about }) => about["first_damaged"] ?? "").join(""),
    },
    failed: [...plan.unknown, ...failed],
    missing,
    linked,
  };
}

/** What the report means for the process: nothing, a failure, or another try later. */
export function failureOf(report: FactsReport): Error | undefined {
  return failureOfUnits(report, { vendor: "EDGAR", what: "units", units: report.units });
}
