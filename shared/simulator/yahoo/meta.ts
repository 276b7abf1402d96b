import type { Listing } from "../listing.ts";
import type { ChartRows } from "./chart-rows.ts";
import type { TradingPeriods } from "./trading-period.ts";

/** What a reply's `meta` tells beside the rows. */
export interface MetaFacts {
  /** As it was asked for. */
  readonly symbol: string;
  readonly listing: Listing;
  /** The whole history up to now, one row at least. */
  readonly rows: ChartRows;
  /** Row at which the reply begins. */
  readonly from: number;
  /** The last trade, s since 1970. */
  readonly regularMarketTime: number;
  readonly periods: TradingPeriods;
}

const yearRows = 252;
const validRanges = ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "10y", "ytd", "max"];

/** The `meta` object of a chart reply, as JSON; keys in the order of the recordings. */
export function metaJson(facts: MetaFacts): string {
  const { symbol, listing, rows, from, regularMarketTime, periods } = facts;
  const last = rows.close.length - 1;
  const year = Math.max(0, last + 1 - yearRows);
  const { timezone, gmtoffset } = periods.regular;
  return JSON.stringify({
    currency: "USD",
    symbol,
    exchangeName: "SIM",
    fullExchangeName: `Simulated ${listing.exchange}`,
    instrumentType: "EQUITY",
    firstTradeDate: rows.opens[0]!,
    regularMarketTime,
    hasPrePostMarketData: true,
    gmtoffset,
    timezone,
    exchangeTimezoneName: "America/New_York",
    regularMarketPrice: shown(rows.close[last]!),
    fiftyTwoWeekHigh: shown(rows.high.subarray(year).reduce((a, b) => Math.max(a, b))),
    fiftyTwoWeekLow: shown(rows.low.subarray(year).reduce((a, b) => Math.min(a, b))),
    regularMarketDayHigh: shown(rows.high[last]!),
    regularMarketDayLow: shown(rows.low[last]!),
    regularMarketVolume: rows.volume[last]!,
    longName: `${listing.name} (simulated)`,
    shortName: listing.name,
    ...(from > 0 ? { chartPreviousClose: shown(rows.close[from - 1]!) } : {}),
    priceHint: rows.close[last]! < 2 ? 4 : 2,
    currentTradingPeriod: periods,
    dataGranularity: "1d",
    range: "",
    validRanges,
  });
}

/** Single prices have few decimals, unlike the columns. */
function shown(price: number): number {
  return Math.round(price * 10_000) / 10_000;
}
