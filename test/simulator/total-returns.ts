import type { History } from "../../shared/simulator/history.ts";
import type { Market } from "../../shared/simulator/market.ts";

/** Closes with splits and dividends multiplied in, by session of the market; NaN without a bar. */
export function totalReturnIndex({ bars, splits, dividends }: History, days: number): Float64Array {
  const out = new Float64Array(days).fill(NaN);
  const ratios = new Map(
    splits.map((split) => [split.session, split.numerator / split.denominator]),
  );
  const amounts = new Map(dividends.map((dividend) => [dividend.session, dividend.amount]));
  let factor = 1;
  bars.session.forEach((session, row) => {
    factor *= ratios.get(session) ?? 1;
    if (row > 0) factor /= 1 - (amounts.get(session) ?? 0) / bars.close[row - 1]!;
    out[session] = bars.close[row]! * factor;
  });
  return out;
}

/** The index of every listing, in the market's order. */
export function totalReturnIndices(market: Market): Float64Array[] {
  return market.listings.map((listing) =>
    totalReturnIndex(market.history(listing), market.sessions.length),
  );
}
