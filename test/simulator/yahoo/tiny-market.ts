import { sessions as sessionsBetween } from "../../../shared/market/calendar.ts";
import type { History } from "../../../shared/simulator/history.ts";
import type { Listing } from "../../../shared/simulator/listing.ts";
import type { Market } from "../../../shared/simulator/market.ts";
import { day } from "../days.ts";

/** Monday 2024-03-04 to Friday 2024-03-15; New York's clocks change on the Sunday between. */
export const sessions = sessionsBetween(day("2024-03-04"), day("2024-03-15"));

/** A history with closes as given, open and range around them, and 1,000 shares a session. */
export function historyOf(
  closes: readonly number[],
  events: Partial<Pick<History, "splits" | "dividends">> = {},
  first = 0,
): History {
  return {
    bars: {
      session: Int32Array.from(closes, (_, at) => first + at),
      open: Float64Array.from(closes, (close) => close - 1),
      high: Float64Array.from(closes, (close) => close + 2),
      low: Float64Array.from(closes, (close) => close - 3),
      close: Float64Array.from(closes),
      volume: new Float64Array(closes.length).fill(1000),
    },
    splits: [],
    dividends: [],
    ...events,
  };
}

/** 2 for 1 before the open of a session. */
export const split = (session: number, numerator = 2, denominator = 1) => ({
  exDate: sessions[session]!,
  session,
  numerator,
  denominator,
});

export const dividend = (session: number, amount: number) => ({
  exDate: sessions[session]!,
  session,
  amount,
});

/** A market of one listing, `TINY`, with a history made by hand. */
export function tinyMarket(history: History): Market {
  const listing: Listing = {
    id: 0,
    ticker: "TINY",
    name: "Tiny Works",
    issuer: "9900000000",
    group: "Industrials",
    exchange: "NYSE",
    firstDay: sessions[history.bars.session[0]!]!,
    delisting: undefined,
  };
  return {
    source: "simulated",
    seed: 0,
    rho: {},
    sessions,
    listings: [listing],
    groups: new Map([["TINY", "Industrials"]]),
    history: () => history,
  };
}
