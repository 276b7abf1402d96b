import { defineFactor } from "../define.ts";
import { requiredObservations } from "../kernels/coverage.ts";
import { trailingSums } from "../kernels/trailing-sum.ts";

/**
 * Trend of the dollars traded: the past month against the past year. Stocks that trade unusually much tend to
 * rise. The paper ranks a day's or a week's volume within the 50 days before; a log ratio of means keeps the
 * size of the shock.
 */
export const turnover_trend = defineFactor({
  name: "turnover_trend",
  version: 1,
  title: "Dollar-volume turnover trend",
  formula: "ln(mean(D[t-20 .. t]) / mean(D[t-251 .. t])), D the dollar volume",
  reference:
    "Gervais, Kaniel & Mingelgrin (2001), The High-Volume Return Premium, Journal of Finance 56",
  sign: 1,
  lookback: 251,
  inputs: ["dollar_volume"],
  compute({ dollar_volume }, { from, to, epoch }, out) {
    const month = trailingSums(dollar_volume, 21, epoch);
    const year = trailingSums(dollar_volume, 252, epoch);
    for (let t = from; t < to; t++) {
      if (month.counts[t]! < requiredObservations(21)) continue;
      if (year.counts[t]! < requiredObservations(252)) continue;
      const recent = month.sums[t]! / month.counts[t]!;
      // A month without a trade has no logarithm.
      if (recent > 0) out[t] = Math.log(recent / (year.sums[t]! / year.counts[t]!));
    }
  },
});
