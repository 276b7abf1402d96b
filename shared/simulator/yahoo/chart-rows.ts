import type { History } from "../history.ts";
import { unfinishedBar } from "./unfinished-bar.ts";

/** Yahoo's view of one listing: everything it did up to an instant, on today's share count; all arrays have one length. */
export interface ChartRows {
  /** Opens of the sessions, s since 1970. */
  readonly opens: Float64Array;
  /** Adjusted for all splits up to the instant, rounded to float32. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Adjusted for splits, whole shares. */
  readonly volume: Float64Array;
  /** Adjusted for dividends as well, rounded to float32. */
  readonly adjclose: Float64Array;
  /** Ascending. */
  readonly splits: readonly ChartSplit[];
  /** Ascending. */
  readonly dividends: readonly ChartDividend[];
}

/** A split as Yahoo lists it. */
export interface ChartSplit {
  /** Row of the first session after it. */
  readonly row: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** A dividend as Yahoo lists it. */
export interface ChartDividend {
  /** Row of the ex-date. */
  readonly row: number;
  /** Adjusted for splits, dollars, six decimals. */
  readonly amount: number;
}

/** What rows are made at. */
export interface ChartInstant {
  /** s since 1970; later bars and events do not exist. */
  readonly now: number;
  /** Opens and closes of the market's sessions, s since 1970. */
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  /** True to apply the latest split twice to the prices before it. */
  readonly splitTwice: boolean;
}

/**
 * Adjusts a history as Yahoo does: prices over, and volumes times, the product of the ratios of all later splits; the
 * adjusted close times the product of (1 - dividend / close before) over all later ex-dates. When the instant is inside
 * a session the last row is that session's so far.
 */
export function chartRows({ bars, splits, dividends }: History, at: ChartInstant): ChartRows {
  const opens = new Float64Array(bars.session.length);
  bars.session.forEach((session, row) => (opens[row] = at.opens[session]!));
  const count = opens.findLastIndex((open) => open <= at.now) + 1;
  const column = (): Float64Array => new Float64Array(count);
  const rows = {
    opens: opens.subarray(0, count),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    adjclose: column(),
    splits: [] as ChartSplit[],
    dividends: [] as ChartDividend[],
  };
  let split = splits.findLastIndex(({ session }) => at.opens[session]! <= at.now);
  let dividend = dividends.findLastIndex(({ session }) => at.opens[session]! <= at.now);
  let ratio = 1;
  let excess = 1;
  let adjustment = 1;
  for (let row = count - 1; row >= 0; row--) {
    const session = bars.session[row]!;
    const divisor = ratio * excess;
    rows.open[row] = Math.fround(bars.open[row]! / divisor);
    rows.high[row] = Math.fround(bars.high[row]! / divisor);
    rows.low[row] = Math.fround(bars.low[row]! / divisor);
    rows.close[row] = Math.fround(bars.close[row]! / divisor);
    rows.volume[row] = Math.round(bars.volume[row]! * ratio);
    rows.adjclose[row] = Math.fround(rows.close[row]! * adjustment);
    if (splits[split]?.session === session) {
      const { numerator, denominator } = splits[split--]!;
      if (at.splitTwice && rows.splits.length === 0) excess = numerator / denominator;
      rows.splits.unshift({ row, numerator, denominator });
      ratio *= numerator / denominator;
    }
    if (dividends[dividend]?.session === session) {
      const amount = Math.round((dividends[dividend--]!.amount / ratio) * 1e6) / 1e6;
      rows.dividends.unshift({ row, amount });
      if (row > 0) adjustment *= 1 - amount / Math.fround(bars.close[row - 1]! / ratio);
    }
  }
  const last = count - 1;
  const close = at.closes[bars.session[last]!]!;
  if (at.now < close) {
    const elapsed = (at.now - rows.opens[last]!) / (close - rows.opens[last]!);
    const bar = unfinishedBar(bars, last, elapsed);
    rows.high[last] = Math.fround(bar.high);
    rows.low[last] = Math.fround(bar.low);
    rows.close[last] = Math.fround(bar.close);
    rows.adjclose[last] = rows.close[last];
    rows.volume[last] = bar.volume;
  }
  return rows;
}
