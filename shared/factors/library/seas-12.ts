import { defineFactor } from "../define.ts";

/** Seasonality: what the coming month brought a year ago. */
export const seas_12 = defineFactor({
  name: "seas_12",
  version: 1,
  title: "Same-month seasonality, 1 year",
  formula: "TR[t-231] / TR[t-252] - 1: the 21 sessions that followed this day a year ago",
  reference:
    "Heston & Sadka (2008), Seasonality in the Cross-Section of Stock Returns, Journal of " +
    "Financial Economics 87 (their annual lag 12, in sessions instead of calendar months)",
  sign: 1,
  lookback: 252,
  inputs: ["total_return"],
  compute({ total_return }, { from, to }, out) {
    for (let t = Math.max(from, 252); t < to; t++) {
      out[t] = total_return[t - 231]! / total_return[t - 252]! - 1;
    }
  },
});
