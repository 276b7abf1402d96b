import { defineFactor } from "../define.ts";
import { requiredObservations } from "../kernels/coverage.ts";
import { trailingMaxima } from "../kernels/trailing-max.ts";

/**
 * Nearness to the 52-week high. The high is that of the closes, not of the intraday highs: a close is a price
 * at which the market settled, it is there whenever the bar is, and one bad print in a high would set the
 * anchor for a year. So the value is at most 1, and 1 on the day of a new high.
 */
export const high_52w = defineFactor({
  name: "high_52w",
  version: 1,
  title: "52-week-high proximity",
  formula: "P[t] / max(P[t-251 .. t]), P the close adjusted for splits",
  reference:
    "George & Hwang (2004), The 52-Week High and Momentum Investing, Journal of Finance 59",
  sign: 1,
  lookback: 251,
  inputs: ["price"],
  compute({ price }, { from, to }, out) {
    const { maxima, counts } = trailingMaxima(price, 252);
    const required = requiredObservations(252);
    for (let t = from; t < to; t++) {
      if (counts[t]! >= required) out[t] = price[t]! / maxima[t]!;
    }
  },
});
