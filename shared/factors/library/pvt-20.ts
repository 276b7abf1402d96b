import { defineFactor } from "../define.ts";
import { requiredObservations } from "../kernels/coverage.ts";
import { product } from "../kernels/product.ts";
import { trailingSums } from "../kernels/trailing-sum.ts";
import { wherePresent } from "../kernels/where-present.ts";

/**
 * Price-volume trend over a bounded window: the mean return of a share traded in the past month. The chart's
 * line is a running total of volume times return that has no scale; its rise over 20 sessions, divided by
 * their volume, has one. Chartists read it as confirmation; across stocks, moves on high volume reverse, and
 * the sign is that of the evidence.
 */
export const pvt_20 = defineFactor({
  name: "pvt_20",
  version: 1,
  title: "Price-volume trend, 20 sessions",
  formula:
    "sum(V * r) / sum(V) over t-19 .. t, V shares adjusted for splits, r the daily total return",
  reference:
    "StockCharts ChartSchool, Price Volume Trend; sign from Campbell, Grossman & Wang " +
    "(1993), Trading Volume and Serial Correlation in Stock Returns, Quarterly Journal of " +
    "Economics 108",
  sign: -1,
  lookback: 19,
  inputs: ["daily_return", "volume"],
  compute({ daily_return, volume }, { from, to, epoch }, out) {
    const flows = trailingSums(product(volume, daily_return), 20, epoch);
    const shares = trailingSums(wherePresent(volume, daily_return), 20, epoch).sums;
    const required = requiredObservations(20);
    for (let t = from; t < to; t++) {
      // Without any volume 0 / 0 is NaN, as it should be.
      if (flows.counts[t]! >= required) out[t] = flows.sums[t]! / shares[t]!;
    }
  },
});
