import { defineFactor } from "../define.ts";
import { rateOfChange } from "../kernels/rate-of-change.ts";

/**
 * Rate of change, the chartist's past month. The indicator is read as momentum, but across stocks a month's
 * return reverses (Jegadeesh 1990), and the sign is that of the evidence.
 */
export const roc_20 = defineFactor({
  name: "roc_20",
  version: 1,
  title: "Rate of change, 20 sessions",
  formula: "100 * (P[t] / P[t-20] - 1), P the close adjusted for splits, in percent",
  reference:
    "StockCharts ChartSchool, Rate of Change (ROC); sign from Jegadeesh (1990), Journal of " +
    "Finance 45",
  sign: -1,
  lookback: 20,
  inputs: ["price"],
  compute({ price }, { from, to }, out) {
    out.set(rateOfChange(price, 20).subarray(from, to), from);
  },
});
