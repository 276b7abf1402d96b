import type { FetchUnit } from "../../shared/backfill/dataset.ts";
import type { Receipt } from "../../shared/backfill/receipt.ts";
import { datasets } from "../../shared/catalogue.ts";
import { lastClosedSession, sessions } from "../../shared/market/calendar.ts";
import { earlierDay, laterDay, type TradingDay } from "../../shared/market/trading-day.ts";
import type { Membership } from "../../shared/market/universe.ts";

/** What one reply of Yahoo's is to bring: a symbol's whole history from a day of the grid on. */
export interface PriceUnit extends FetchUnit {
  readonly symbol: string;
  /** Last day of the listing that is meant, where somebody says so. */
  readonly ended?: TradingDay | undefined;
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
export function isDone(
  { from, to }: PriceUnit,
  receipts: readonly Pick<Receipt, "state" | "from" | "to">[],
): boolean {
  return receipts.some(
    (receipt) => receipt.state === "done" && receipt.from <= from && receipt.to >= to,
  );
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
