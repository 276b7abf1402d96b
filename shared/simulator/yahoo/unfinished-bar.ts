import type { Bars } from "../history.ts";

/**
 * What a bar shows before the close: the price has gone a part of the way from open to close, and the range and the
 * volume have grown in step. Prices have four decimals, as live ones do.
 *
 * @param elapsed fraction of the session, 0 to 1
 */
export function unfinishedBar(
  bars: Bars,
  row: number,
  elapsed: number,
): { high: number; low: number; close: number; volume: number } {
  const open = bars.open[row]!;
  const final = bars.close[row]!;
  const close = open + elapsed * (final - open);
  const above = bars.high[row]! - Math.max(open, final);
  const below = Math.min(open, final) - bars.low[row]!;
  return {
    high: fourDecimals(Math.max(open, close) + elapsed * above),
    low: fourDecimals(Math.min(open, close) - elapsed * below),
    close: fourDecimals(close),
    volume: Math.floor(elapsed * bars.volume[row]!),
  };
}

function fourDecimals(price: number): number {
  return Math.round(price * 10_000) / 10_000;
}
