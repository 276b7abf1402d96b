import { defineFactor } from "../define.ts";

/** Momentum: the total return of the year that ended a month ago. */
export const mom_12_1 = defineFactor({
  name: "mom_12_1",
  version: 1,
  title: "Momentum 12-1",
  formula: "TR[t-21] / TR[t-252] - 1, TR the close with splits and dividends",
  reference:
    "Jegadeesh & Titman (1993), Returns to Buying Winners and Selling Losers, Journal of " +
    "Finance 48",
  sign: 1,
  lookback: 252,
  inputs: ["total_return"],
  compute({ total_return }, { from, to }, out) {
    for (let t = Math.max(from, 252); t < to; t++) {
      out[t] = total_return[t - 21]! / total_return[t - 252]! - 1;
    }
  },
});
