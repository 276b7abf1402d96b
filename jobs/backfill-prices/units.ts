import type { KnownReceipt } from "../../shared/backfill/ledger-index.ts";
import { receiptsOf, type Receipt } from "../../shared/backfill/receipt.ts";
import { datasets } from "../../shared/catalogue.ts";
import { lastClosedSession, sessions } from "../../shared/market/calendar.ts";
import { earlierDay, laterDay, type TradingDay } from "../../shared/market/trading-day.ts";
import type { Membership } from "../../shared/market/universe.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";

/** What one reply of Yahoo's is to bring: a symbol's whole history from a day of the grid on. */
export interface PriceUnit {
  readonly symbol: string;
  readonly from: TradingDay;
  /** Last session that must be there. */
  readonly to: TradingDay;
  /** Last day of the listing that is meant, where somebody says so. */
  readonly ended?: TradingDay | undefined;
  /** Receipts that it had when the run was planned: a later one ends it for this run, whatever it says. */
  readonly seen?: number | undefined;
}

/** What is asked for. */
export interface PriceRequest {
  readonly listings: readonly Membership[];
  readonly from: TradingDay;
  /** Last day that must be there; later ones come along. */
  readonly to: TradingDay;
}

/** ClickHouse's days, and the calendar, begin here. */
export const firstGridDay = "1970-01-01" as TradingDay;

/** The first day of the grid's cell of a day: replies begin there, whatever day a run asks for. */
export function gridStart(day: TradingDay): TradingDay {
  const year = Number(day.slice(0, 4));
  return laterDay(
    `${year - (year % datasets.prices.grid.years)}-01-01` as TradingDay,
    firstGridDay,
  );
}

/** The fetch units of a request, one a ticker, in the order of the request. */
export function unitsOf(request: PriceRequest, nowMs: number): PriceUnit[] {
  const last = earlierDay(request.to, lastClosedSession(nowMs));
  const from = gridStart(request.from);
  return [...present(request.listings)]
    .filter(([, listing]) => isWithin(listing, request))
    .map(([symbol, listing]) => {
      const due = listing.end === undefined ? last : earlierDay(last, listing.end);
      return { symbol, from, to: sessions(from, due).at(-1) ?? due, ended: listing.end };
    });
}

/** True when a receipt tells of all that a unit is to bring. */
export function isDone({ from, to }: PriceUnit, receipts: readonly KnownReceipt[]): boolean {
  return receipts.some(
    (receipt) => receipt.state === "done" && receipt.from <= from && receipt.to >= to,
  );
}

/** True when a run need not do anything more for a unit: it is done, or this run has failed to buy it. */
export function isOver(unit: PriceUnit, receipts: readonly Receipt[]): boolean {
  return isDone(unit, receipts) || receipts.length > (unit.seen ?? Infinity);
}

/** The receipts of units, in their order. */
export async function receiptsOfUnits(
  objects: ObjectStore,
  source: string,
  units: readonly PriceUnit[],
): Promise<Receipt[][]> {
  const found: Receipt[][] = [];
  const atOnce = 64;
  for (let at = 0; at < units.length; at += atOnce) {
    const some = units.slice(at, at + atOnce);
    found.push(
      ...(await Promise.all(
        some.map(({ symbol }) => receiptsOf(objects, "prices", source, symbol)),
      )),
    );
  }
  return found;
}

/** Yahoo serves a ticker's present company only: of listings that share a ticker, the latest. */
export function present(listings: readonly Membership[]): Map<string, Membership> {
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
export function isWithin({ start, end }: Membership, { from, to }: PriceRequest): boolean {
  return (start === undefined || start <= to) && (end === undefined || end >= from);
}
