import { Lane, LaneClosed } from "../../shared/backfill/lane.ts";
import { loadPrices } from "../../shared/backfill/load-prices.ts";
import { receiptsOf, type Receipt } from "../../shared/backfill/receipt.ts";
import { Failed, SourceUnavailable } from "../../shared/errors.ts";
import { lastClosedSession, sessions } from "../../shared/market/calendar.ts";
import { earlierDay, laterDay, type TradingDay } from "../../shared/market/trading-day.ts";
import type { Membership } from "../../shared/market/universe.ts";
import type { YahooClient } from "../../shared/sources/yahoo/client.ts";
import type { Admission } from "../../shared/warehouse/prices/admit.ts";
import type { Deps } from "../deps.ts";
import { fetchUnit, type FetchDeps, type PriceUnit } from "./fetch-unit.ts";

export interface BackfillPricesArgs {
  readonly listings: readonly Membership[];
  readonly from: TradingDay;
  /** Last day that must be there; later ones come along. */
  readonly to: TradingDay;
  /** Name of the source in the warehouse. */
  readonly source: string;
  readonly lossBudget: number;
}

export interface BackfillPricesDeps extends Deps {
  readonly yahoo: YahooClient;
  readonly lane: Lane;
}

/** A unit that brought nothing, and why. */
export interface FailedUnit {
  readonly key: string;
  readonly reason: string;
  readonly message: string;
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

/** Years in which a reply may begin: the grid of the dataset, whatever day a run asks for. */
const gridYears = 10;

/** ClickHouse's days, and the calendar, begin here. */
const firstGridDay = "1970-01-01" as TradingDay;

/** The first day of the grid's cell of a day. */
export function gridStart(day: TradingDay): TradingDay {
  const year = Number(day.slice(0, 4));
  return laterDay(`${year - (year % gridYears)}-01-01` as TradingDay, firstGridDay);
}

/**
 * Brings histories of prices from Yahoo into the warehouse. What is held is not asked for again; a unit that failed is
 * asked for at the next run.
 *
 * @throws SourceRejected when the vendor refuses us
 */
export async function run(
  args: BackfillPricesArgs,
  deps: BackfillPricesDeps,
  signal: AbortSignal,
): Promise<BackfillReport> {
  const listingOf = present(args.listings);
  const asked = [...listingOf].filter(([, listing]) => isWithin(listing, args));
  const fetchDeps = { ...deps, source: args.source };
  const done: Receipt[] = [];
  const wanted: PriceUnit[] = [];
  const last = earlierDay(args.to, lastClosedSession(deps.now()));
  const from = gridStart(args.from);
  for (const [symbol, listing] of asked) {
    const due = listing.end === undefined ? last : earlierDay(last, listing.end);
    const to = sessions(from, due).at(-1) ?? due;
    const receipts = await receiptsOf(deps.objects, "prices", args.source, symbol);
    const held = receipts.filter(({ state }) => state === "done");
    done.push(...held);
    if (!held.some((receipt) => covers(receipt, from, to))) {
      wanted.push({ symbol, from, to, ended: listing.end });
    }
  }

  const fetched = await fetchAll(wanted, fetchDeps, deps, signal);
  done.push(...fetched.receipts.filter(({ state }) => state === "done"));
  const { admission, actions } = await loadPrices(deps.warehouse, deps.objects, done, {
    source: { source: args.source, basis: "raw" },
    token: deps.runId,
    runId: deps.runId,
    lossBudget: args.lossBudget,
    nowMs: deps.now(),
    listingOf: (ticker) => listingOf.get(ticker),
  });
  return {
    source: args.source,
    from: args.from,
    to: args.to,
    units: asked.length,
    held: asked.length - wanted.length,
    fetched: fetched.receipts.filter(({ state }) => state === "done").length,
    failed: fetched.receipts
      .filter(({ state }) => state === "failed")
      .map(({ key, reason, message }) => ({ key, reason, message }))
      .concat(replaced(args, listingOf)),
    missing: fetched.missing,
    late: lateStarts(fetched.receipts, args.from),
    admission: admission ?? null,
    actions,
  };
}

/** Yahoo serves a ticker's present company only: of listings that share a ticker, the latest. */
function present(listings: readonly Membership[]): Map<string, Membership> {
  const latest = new Map<string, Membership>();
  for (const listing of listings) {
    const before = latest.get(listing.ticker);
    if (before === undefined || (before.start ?? "") < (listing.start ?? "")) {
      latest.set(listing.ticker, listing);
    }
  }
  return latest;
}

/** True for a listing of which some day was asked for. */
function isWithin({ start, end }: Membership, { from, to }: BackfillPricesArgs): boolean {
  return (start === undefined || start <= to) && (end === undefined || end >= from);
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

function covers(receipt: Receipt, from: TradingDay, to: TradingDay): boolean {
  return receipt.from <= from && receipt.to >= to;
}

async function fetchAll(
  units: readonly PriceUnit[],
  fetchDeps: FetchDeps,
  { progress, log }: Deps,
  signal: AbortSignal,
): Promise<{ receipts: Receipt[]; missing: string[] }> {
  const receipts: Receipt[] = [];
  const missing: string[] = [];
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const task = progress.start("fetch prices", units.length);
  const one = async (unit: PriceUnit): Promise<void> => {
    try {
      const receipt = await fetchUnit(unit, fetchDeps, either);
      receipts.push({ version: 1, ...receipt });
      if (receipt.state === "failed") {
        log.warn({ symbol: unit.symbol, reason: receipt.reason }, receipt.message);
      }
    } catch (thrown) {
      if (!(thrown instanceof LaneClosed)) {
        // What stops one stops all: a vendor that refuses us is not asked for the others.
        stop.abort(thrown);
        throw thrown;
      }
      missing.push(unit.symbol);
    }
    task.advance();
  };
  // One failure of ours must not leave requests under way behind a rejected promise.
  await Promise.allSettled(units.map(one));
  task.end();
  either.throwIfAborted();
  return { receipts, missing };
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
  const { failed, missing } = report;
  if (missing.length > 0) {
    return new SourceUnavailable(
      `${missing.length} of ${report.units} tickers were not asked for, as Yahoo stopped answering; run the same command again later.`,
    );
  }
  const again = failed.filter(({ reason }) => ["unavailable", "empty_reply"].includes(reason));
  if (again.length > 0) {
    return new SourceUnavailable(
      `${again.length} of ${report.units} tickers got no answer (${again[0]!.key}: ${again[0]!.message}); run the same command again later.`,
    );
  }
  if (failed.length > 0) {
    return new Failed(
      `${failed.length} of ${report.units} tickers failed (${failed[0]!.key}: ${failed[0]!.message}).`,
    );
  }
  return undefined;
}
