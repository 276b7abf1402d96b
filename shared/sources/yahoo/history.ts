import type { CorporateAction } from "../../market/adjustment.ts";
import { isSession, lastClosedSession, sessionCloseMs, sessions } from "../../market/calendar.ts";
import { newYorkDay, newYorkInstant } from "../../market/new-york.ts";
import { earlierDay, type TradingDay } from "../../market/trading-day.ts";
import type { ChartBody, ChartError } from "./chart-body.ts";

/** Bars as traded, by columns; NaN where the vendor sent nothing. */
export interface TradedBars {
  readonly days: readonly TradingDay[];
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** A security's history as a reply tells it. */
export interface YahooHistory {
  readonly symbol: string;
  readonly name: string | undefined;
  /** First day this company traded, where Yahoo says so. */
  readonly firstTrade: TradingDay | undefined;
  readonly bars: TradedBars;
  readonly actions: readonly CorporateAction[];
  /** Rows without a close, which Yahoo sends for idle days. */
  readonly emptyRows: number;
  /** Sessions between the first and the last bar without a bar. */
  readonly gaps: number;
  /** Day up to which the reply tells all there is. */
  readonly through: TradingDay;
}

/** Why a reply gives no history; each is a state of its own. */
export type YahooFailure =
  | "no_data" // Yahoo says it has none: delisted, renamed, or never there
  | "empty_reply" // an answer without rows: delisted, idle, or throttled
  | "vendor_error" // an error inside a reply
  | "foreign_exchange" // not a security of New York's calendar
  | "events_incomplete" // adjusted for splits it does not list: can't be read as traded
  | "split_suspect" // a split that was applied twice or not at all
  | "ended_early"; // the last expected session is not there

/** What a reply is worth. */
export type Verdict =
  | { readonly state: "done"; readonly history: YahooHistory }
  | { readonly state: "failed"; readonly reason: YahooFailure; readonly message: string };

/** What a complete history would reach. */
export interface Expectation {
  /** Last day that is asked for. */
  readonly to: TradingDay;
  /** When the reply came, ms since 1970 UTC. */
  readonly fetchedMs: number;
}

function failed(reason: YahooFailure, message: string): Verdict {
  return { state: "failed", reason, message };
}

/**
 * Judges a reply and undoes its adjustment: prices as they were traded, amounts as they were paid.
 *
 * Yahoo divides prices before a split by its ratio, for all splits up to the moment of the reply. They can be undone only
 * when the reply lists all of them, that is, when it runs up to the last trade it knows of.
 */
export function readHistory(body: ChartBody | ChartError, expected: Expectation): Verdict {
  if ("code" in body) {
    const none = body.code === "Not Found" || body.description.startsWith("Data doesn't exist");
    return failed(
      none ? "no_data" : "vendor_error",
      `Yahoo answers "${body.code}: ${body.description}".`,
    );
  }
  const { meta } = body;
  if (meta.exchangeTimezoneName !== "America/New_York") {
    return failed(
      "foreign_exchange",
      `${meta.symbol} trades by the clock of ${meta.exchangeTimezoneName}; Quarry covers New York.`,
    );
  }
  if (meta.dataGranularity != null && meta.dataGranularity !== "1d") {
    return failed(
      "vendor_error",
      `Yahoo sends ${meta.dataGranularity} bars of ${meta.symbol}, expected 1d.`,
    );
  }
  const { rows, liveDay } = finishedRows(body);
  const last = rows.at(-1);
  if (last === undefined) {
    return failed(
      "empty_reply",
      `Yahoo answers for ${meta.symbol} without a row: delisted, idle, or throttled.`,
    );
  }
  const covered = liveDay ?? last.day;
  const traded = meta.regularMarketTime == null ? covered : tradedSession(meta.regularMarketTime);
  if (covered < traded) {
    return failed(
      "events_incomplete",
      `The reply for ${meta.symbol} ends on ${covered}, its prices are adjusted for splits up to ${traded}: ` +
        "those in between are not listed, so nothing of it can be read as traded.",
    );
  }
  const suspect = suspectSplit(body, rows);
  if (suspect !== undefined) return failed("split_suspect", `${meta.symbol}: ${suspect}`);
  const closed = lastClosedSession(expected.fetchedMs);
  // After the close the last bar stays a live one until Yahoo settles it, in the night: what is due is the session before.
  const settled = liveDay === closed ? lastClosedSession(newYorkInstant(closed, 0)) : closed;
  const due = earlierDay(expected.to, settled);
  if (sessions(last.day, due).some((day) => day > last.day)) {
    return failed(
      "ended_early",
      `The history of ${meta.symbol} ends on ${last.day}, expected ${due}: delisted, halted, or cut short; ` +
        "give its last day in the universe file, or try again later.",
    );
  }
  return { state: "done", history: { ...undo(body, rows), through: due } };
}

/** A row of the reply that is a finished session. */
interface Row {
  readonly at: number;
  readonly day: TradingDay;
}

/** Rows with a close, each day once, without the bar of a session that was still on; and the day of that bar. */
function finishedRows(body: ChartBody): { rows: Row[]; liveDay: TradingDay | undefined } {
  const rows: Row[] = [];
  for (const [at, seconds] of body.timestamps.entries()) {
    const day = newYorkDay(seconds * 1000);
    // A live bar carries the time of the last trade instead of the open of its session, and may repeat its day.
    const live = at === body.timestamps.length - 1 && seconds === body.meta.regularMarketTime;
    if (live) return { rows: rows.filter((row) => row.day < day), liveDay: day };
    if (body.close[at] != null && rows.at(-1)?.day !== day) rows.push({ at, day });
  }
  return { rows, liveDay: undefined };
}

/** The last session that a last trade, in seconds since 1970 UTC, says is over. */
function tradedSession(tradeSeconds: number): TradingDay {
  const day = newYorkDay(tradeSeconds * 1000);
  const over = isSession(day) && tradeSeconds * 1000 >= sessionCloseMs(day);
  return over ? day : lastClosedSession(newYorkInstant(day, 0));
}

/** Splits smaller than this are hard to tell from a day's move. */
const smallestToldSplit = 1.5;

/** A split whose ratio still stands between the prices before and after it, in words. */
function suspectSplit({ splits, close }: ChartBody, rows: readonly Row[]): string | undefined {
  for (const { date, ratio } of splits) {
    const size = Math.abs(Math.log(ratio));
    if (!(size >= Math.log(smallestToldSplit))) continue;
    const day = newYorkDay(date * 1000);
    const next = rows.findIndex((row) => row.day >= day);
    if (next < 1) continue;
    const jump = Math.log(close[rows[next - 1]!.at]! / close[rows[next]!.at]!) / Math.log(ratio);
    // 0 where it was applied once, 1 where it was not, -1 where it was twice.
    if (Math.abs(Math.abs(jump) - 1) > 0.35) continue;
    const times = jump > 0 ? "not at all" : "twice";
    return `the split of ${day} (${ratio}:1) was applied ${times} to the prices before it.`;
  }
  return undefined;
}

/** As traded: prices times the ratios of all later splits, volumes divided by them, amounts as paid. */
function undo(body: ChartBody, rows: readonly Row[]): Omit<YahooHistory, "through"> {
  const splits = body.splits
    .map(({ date, ratio }) => ({ day: newYorkDay(date * 1000), ratio }))
    .filter(({ ratio }) => ratio > 0 && Number.isFinite(ratio))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const after = laterRatios(splits, rows);
  const column = (values: ChartBody["open"], scale: (ratio: number) => number): Float64Array =>
    Float64Array.from(rows, ({ at }, bar) => (values[at] ?? NaN) * scale(after[bar]!));
  const price = (ratio: number): number => ratio;
  const amount = (
    kind: "dividend" | "capital_gain",
    events: ChartBody["dividends"],
  ): CorporateAction[] =>
    events.map(({ date, amount }) => {
      const exDate = newYorkDay(date * 1000);
      const value = splits.reduce((v, { day, ratio }) => (day > exDate ? v * ratio : v), amount);
      return { kind, exDate, value };
    });
  const days = rows.map(({ day }) => day);
  return {
    symbol: body.meta.symbol,
    name: body.meta.longName ?? body.meta.shortName ?? undefined,
    firstTrade:
      body.meta.firstTradeDate == null ? undefined : newYorkDay(body.meta.firstTradeDate * 1000),
    bars: {
      days,
      open: column(body.open, price),
      high: column(body.high, price),
      low: column(body.low, price),
      close: column(body.close, price),
      volume: column(body.volume, (ratio) => 1 / ratio),
    },
    actions: [
      ...splits.map(({ day, ratio }) => ({ kind: "split" as const, exDate: day, value: ratio })),
      ...amount("dividend", body.dividends),
      ...amount("capital_gain", body.capitalGains),
    ],
    emptyRows: body.timestamps.filter((_, at) => body.close[at] == null).length,
    gaps: sessions(days[0]!, days.at(-1)!).length - rows.length,
  };
}

/** By bar: the product of the ratios of all splits after its day. */
function laterRatios(
  splits: readonly { readonly day: TradingDay; readonly ratio: number }[],
  rows: readonly Row[],
): Float64Array {
  const after = new Float64Array(rows.length);
  let ratio = 1;
  let next = splits.length - 1;
  for (let bar = rows.length - 1; bar >= 0; bar--) {
    for (; next >= 0 && splits[next]!.day > rows[bar]!.day; next--) ratio *= splits[next]!.ratio;
    after[bar] = ratio;
  }
  return after;
}
