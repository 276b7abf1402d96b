import { failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { withLoaderLease } from "../../shared/backfill/loader-lease.ts";
import { loadPrices } from "../../shared/backfill/load-prices.ts";
import type { Plan } from "../../shared/backfill/plan.ts";
import { receiptsOfUnits, type Receipt } from "../../shared/backfill/receipt.ts";
import { settled } from "../../shared/backfill/through-run.ts";
import { sessions } from "../../shared/market/calendar.ts";
import { laterDay, type TradingDay } from "../../shared/market/trading-day.ts";
import type { Membership } from "../../shared/market/universe.ts";
import type { Admission } from "../../shared/warehouse/prices/admit.ts";
import type { BackfillDeps } from "../backfill.ts";
import { planPrices, type PricePlanRequest } from "./plan.ts";
import { firstGridDay, isDone, isWithin, present, type PriceUnit } from "./units.ts";

export interface BackfillPricesArgs extends PricePlanRequest {
  readonly lossBudget: number;
}

export interface BackfillReport {
  readonly source: string;
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Units asked for: one a ticker. */
  readonly units: number;
  /** Held already: nothing was asked of the vendor for them. */
  readonly held: number;
  readonly fetched: number;
  readonly failed: readonly FailedUnit[];
  /** Not asked for, as the vendor stopped answering. */
  readonly missing: readonly string[];
  /** Histories that begin later than was asked for, although the security is older. */
  readonly late: readonly { readonly key: string; readonly first_bar: string }[];
  readonly admission: Admission | null;
  readonly actions: number;
}

/**
 * Brings histories of prices from Yahoo into the warehouse. What is held is not asked for again; a unit that failed is
 * asked for at the next run.
 *
 * @throws SourceRejected when the vendor refuses us
 */
export async function run(
  args: BackfillPricesArgs,
  deps: BackfillDeps<PriceUnit>,
  signal: AbortSignal,
): Promise<BackfillReport> {
  const plan = await planPrices(args, { ...deps, nowMs: deps.now() });
  const bought = await deps.buy(plan, signal);
  return settled(bought, () => load(args, deps, plan, signal), deps.log);
}

/** Brings what the ledger has of a plan's units into the tables, and says what became of each. */
async function load(
  args: BackfillPricesArgs,
  deps: BackfillDeps<PriceUnit>,
  plan: Plan<PriceUnit>,
  signal: AbortSignal,
): Promise<BackfillReport> {
  const { objects, runId } = deps;
  const listingOf = present(args.listings);
  const { all: units } = plan;
  // Whoever bought them, the ledger says what became of them.
  const receipts = await receiptsOfUnits(
    objects,
    "prices",
    args.source,
    units.map(({ symbol }) => symbol),
  );
  const ours = receipts.flatMap((all) => all.filter((receipt) => receipt.runId === runId));
  const failed = ours.filter(({ state }) => state === "failed");
  const { admission, actions } = await withLoaderLease(
    objects,
    runId,
    () =>
      loadPrices(
        deps.warehouse,
        objects,
        receipts.flat().filter(({ state }) => state === "done"),
        {
          source: { source: args.source, basis: "raw" },
          token: runId,
          runId,
          lossBudget: args.lossBudget,
          nowMs: deps.now(),
          listingOf: (ticker) => listingOf.get(ticker),
        },
      ),
    signal,
  );
  if (admission) deps.log.info({ dataset: "prices", rows: admission.rows }, "loaded");
  const lastFailed = new Map(failed.map((receipt) => [receipt.key, receipt]));
  return {
    source: args.source,
    from: args.from,
    to: args.to,
    units: units.length,
    held: plan.held,
    fetched: new Set(ours.filter(({ state }) => state === "done").map(({ key }) => key)).size,
    failed: units
      .filter((unit, at) => !isDone(unit, receipts[at]!))
      .flatMap(({ symbol }) => lastFailed.get(symbol) ?? [])
      .map(({ key, reason, message }) => ({ key, reason, message }))
      .concat(replaced(args, listingOf)),
    missing: units
      .filter((unit, at) => !isDone(unit, receipts[at]!) && !lastFailed.has(unit.symbol))
      .map(({ symbol }) => symbol),
    late: lateStarts(ours, args.from),
    admission: admission ?? null,
    actions,
  };
}

function replaced(args: BackfillPricesArgs, latest: ReadonlyMap<string, Membership>): FailedUnit[] {
  return args.listings
    .filter((listing) => latest.get(listing.ticker) !== listing && isWithin(listing, args))
    .filter(({ end }) => end !== undefined)
    .map(({ ticker, end }) => ({
      key: ticker,
      reason: "ticker_reused",
      message: `Yahoo serves another company under ${ticker} now; the one that ended on ${end!} must come from another source.`,
    }));
}

function lateStarts(
  receipts: readonly Receipt[],
  from: TradingDay,
): { key: string; first_bar: string }[] {
  return receipts.flatMap(({ key, about }) => {
    const first = about["first_bar"] as string | null | undefined;
    const traded = about["first_trade"] as string | null | undefined;
    if (first == null) return [];
    const expected = laterDay(laterDay(from, firstGridDay), (traded ?? from) as TradingDay);
    const sessionsBetween = sessions(expected, first as TradingDay).length;
    return sessionsBetween > 6 ? [{ key, first_bar: first }] : [];
  });
}

/** What the report means for the process: nothing, a failure, or another try later. */
export function failureOf(report: BackfillReport): Error | undefined {
  return failureOfUnits(report, { vendor: "Yahoo", what: "tickers", units: report.units });
}
