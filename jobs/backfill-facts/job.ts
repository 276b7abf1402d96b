import { endsOf, failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { loadFacts, type LoadedFacts } from "../../shared/backfill/load-facts.ts";
import { withLoaderLease } from "../../shared/backfill/loader-lease.ts";
import { receiptsOfUnits } from "../../shared/backfill/receipt.ts";
import { settled } from "../../shared/backfill/through-run.ts";
import { linkSecurities } from "../../shared/warehouse/tables/issuers.ts";
import type { BackfillDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { planFacts, type FactPlan, type FactPlanRequest } from "./plan.ts";
import { keyOf, type FactUnit } from "./units.ts";

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
  const { warehouse } = deps;
  const planDeps = { ...deps, nowMs: deps.now(), warehouse: () => Promise.resolve(warehouse) };
  const plan = await planFacts(args, planDeps);
  const bought = await deps.buy(plan, signal);
  return settled(bought, () => load(plan, deps, signal), deps.log);
}

/** Brings what the ledger has of a plan's units into the tables, and says what became of each. */
async function load(
  plan: FactPlan,
  deps: BackfillDeps<FactUnit>,
  signal: AbortSignal,
): Promise<FactsReport> {
  const { warehouse, objects, runId, log } = deps;
  const { all: units, source } = plan;
  const receipts = await receiptsOfUnits(objects, dataset.name, source, units.map(keyOf));
  const options = { source, token: runId, runId, nowMs: deps.now() };
  const { loaded, linked } = await withLoaderLease(
    objects,
    runId,
    async () => ({
      loaded: await loadFacts(
        warehouse,
        objects,
        receipts.flat().filter(({ state }) => state === "done"),
        options,
      ),
      linked: await linkSecurities(warehouse, deps.now()),
    }),
    signal,
  );
  log.info({ dataset: dataset.name, rows: loaded.facts }, "loaded");
  const { brought, failed, missing } = endsOf(dataset, plan, receipts, runId);
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  return {
    source,
    units: units.length,
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
