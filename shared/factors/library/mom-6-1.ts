import { defineFactor } from "../define.ts";

/** Momentum over half a year, without the last month. */
export const mom_6_1 = defineFactor({
  name: "mom_6_1",
  version: 1,
  title: "Momentum 6-1",
  formula: "TR[t-21] / TR[t-126] - 1, TR the close with splits and dividends",
  reference:
    "Jegadeesh & Titman (1993), Returns to Buying Winners and Selling Losers, Journal of " +
    "Finance 48",
  sign: 1,
  lookback: 126,
  inputs: ["total_return"],
  compute({ total_return }, { from, to }, out) {
    for (let t = Math.max(from, 126); t < to; t++) {
      out[t] = total_return[t - 21]! / total_return[t - 126]! - 1;
    }
  },
});
