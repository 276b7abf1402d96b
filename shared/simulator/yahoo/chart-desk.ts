import { sessionCloseMs, sessionOpenMs } from "../../market/calendar.ts";
import { secondMs } from "../../units.ts";
import type { Market } from "../market.ts";
import type { Reply } from "../reply.ts";
import { chartJson, emptyIndicators } from "./chart-json.ts";
import { parseChartQuery } from "./chart-query.ts";
import { chartRows, type ChartRows } from "./chart-rows.ts";
import type { YahooFault } from "./faults.ts";
import { metaJson } from "./meta.ts";
import { badRequest, chartReply, notFound } from "./replies.ts";
import type { Symbols } from "./symbols.ts";
import { hasBegun, tradingPeriods, type TradingPeriods } from "./trading-period.ts";

/** Answers chart requests from a market. */
export class ChartDesk {
  readonly #market: Market;
  readonly #symbols: Symbols;
  /** Of the market's sessions, s since 1970. */
  readonly #opens: Float64Array;
  readonly #closes: Float64Array;

  constructor(market: Market, symbols: Symbols) {
    this.#market = market;
    this.#symbols = symbols;
    this.#opens = Float64Array.from(market.sessions, (day) => sessionOpenMs(day) / secondMs);
    this.#closes = Float64Array.from(market.sessions, (day) => sessionCloseMs(day) / secondMs);
  }

  /** The reply to a request at an instant, ms since 1970. */
  answer(url: URL, nowMs: number, fault: YahooFault | undefined): Reply {
    const query = parseChartQuery(url);
    if ("status" in query) return query;
    const { symbol, period1, period2, splits, dividends } = query;
    const listing = this.#symbols.find(symbol, nowMs);
    if (listing === undefined) return notFound;
    const now = Math.floor(nowMs / secondMs);
    const rows = chartRows(this.#market.history(listing), {
      now,
      opens: this.#opens,
      closes: this.#closes,
      splitTwice: fault?.kind === "split-twice",
    });
    const { opens } = rows;
    if (period2 <= opens[0]!) {
      return badRequest(`Data doesn't exist for startDate = ${period1}, endDate = ${period2}`);
    }
    const from = firstAtOrAfter(opens, period1);
    const lastClose = this.#closeOf(opens.at(-1)!);
    const live = now < lastClose;
    const regularMarketTime = live ? now : lastClose + 1;
    const periods = this.#periodsAt(now);
    const meta = metaJson({ symbol, listing, rows, from, regularMarketTime, periods });
    if (fault?.kind === "empty") return chartReply(meta, emptyIndicators);
    const window = {
      from,
      to: this.#end(rows, period2, fault),
      splits,
      dividends,
      liveStamp: live ? regularMarketTime : undefined,
      nullEvery: fault?.kind === "nulls" ? fault.every : undefined,
    };
    return chartReply(meta, chartJson(rows, window));
  }

  #end({ opens }: ChartRows, period2: number, fault: YahooFault | undefined): number {
    const end = firstAtOrAfter(opens, period2);
    if (fault?.kind !== "truncated") return end;
    return Math.min(end, firstAtOrAfter(opens, sessionCloseMs(fault.lastDay) / secondMs));
  }

  #closeOf(open: number): number {
    return this.#closes[firstAtOrAfter(this.#opens, open)]!;
  }

  /** The trading day whose pre-market began last. */
  #periodsAt(now: number): TradingPeriods {
    const session = this.#opens.findLastIndex((open) => hasBegun(open, now));
    return tradingPeriods(this.#opens[session]!, this.#closes[session]!);
  }
}

/** The first row at or after an instant; the number of rows when there is none. */
function firstAtOrAfter(opens: Float64Array, second: number): number {
  const row = opens.findIndex((open) => open >= second);
  return row < 0 ? opens.length : row;
}
