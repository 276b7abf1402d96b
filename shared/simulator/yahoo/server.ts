import { sessionCloseMs } from "../../market/calendar.ts";
import { hourMs } from "../../units.ts";
import { Loopback, type LoopbackOptions, type Vendor } from "../loopback.ts";
import type { Market } from "../market.ts";
import { ChartDesk } from "./chart-desk.ts";
import { symbolOfPath } from "./chart-query.ts";
import { tooManyRequests, type YahooFault } from "./faults.ts";
import { Symbols } from "./symbols.ts";

/** How the simulated Yahoo runs. */
export interface YahooOptions extends LoopbackOptions<YahooFault> {
  /** The server's present, ms since 1970: nothing later is known; default one hour after the market's last close. */
  readonly now?: number | (() => number);
  /** True to forget a delisted symbol with its last close, as Yahoo does; default false. */
  readonly removeDelisted?: boolean;
}

/**
 * Starts a simulated Yahoo on 127.0.0.1: `GET /v8/finance/chart/SYMBOL?period1&period2&interval=1d&events=div|split`.
 * Replies say they are simulated: header `x-simulated`, exchange `SIM`, names ending in "(simulated)".
 */
export async function startYahoo(
  market: Market,
  options: YahooOptions = {},
): Promise<Loopback<YahooFault>> {
  const lastClose = sessionCloseMs(market.sessions.at(-1)!);
  const { now = lastClose + hourMs, removeDelisted = false, ...line } = options;
  const desk = new ChartDesk(market, new Symbols(market.listings, removeDelisted));
  const vendor: Vendor<YahooFault> = {
    subjectOf: ({ url }) => symbolOfPath(url),
    answer: ({ url }, fault) => desk.answer(url, typeof now === "number" ? now : now(), fault),
    refusal: tooManyRequests,
  };
  return Loopback.start(vendor, line);
}
