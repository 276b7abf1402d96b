import { defineFactor } from "../define.ts";

/** Short-term reversal: last week's losers first. */
export const rev_5 = defineFactor({
  name: "rev_5",
  version: 1,
  title: "Short-term reversal, 5 sessions",
  formula: "-(TR[t] / TR[t-5] - 1), TR the close with splits and dividends",
  reference:
    "Lehmann (1990), Fads, Martingales, and Market Efficiency, Quarterly Journal of " +
    "Economics 105; Jegadeesh (1990), Evidence of Predictable Behavior of Security " +
    "Returns, Journal of Finance 45",
  sign: 1,
  lookback: 5,
  inputs: ["total_return"],
  compute({ total_return }, { from, to }, out) {
    // 1 - x is -(x - 1) to the bit, except that an unchanged price gives 0 and not -0.
    for (let t = Math.max(from, 5); t < to; t++)
      out[t] = 1 - total_return[t]! / total_return[t - 5]!;
  },
});
