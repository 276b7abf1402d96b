import { defineFactor } from "../define.ts";
import { requiredObservations } from "../kernels/coverage.ts";
import { trailingSums } from "../kernels/trailing-sum.ts";

/**
 * Illiquidity: how far a million dollars of trading moves the price. A session without trading is left out,
 * as in the paper.
 */
export const amihud_252 = defineFactor({
  name: "amihud_252",
  version: 1,
  title: "Amihud illiquidity, 252 sessions",
  formula:
    "1,000,000 * mean(|r| / dollar volume) over t-251 .. t, r the daily total return: " +
    "return per million dollars traded",
  reference: "Amihud (2002), Illiquidity and Stock Returns, Journal of Financial Markets 5",
  sign: 1,
  lookback: 251,
  inputs: ["daily_return", "dollar_volume"],
  compute({ daily_return, dollar_volume }, { from, to, epoch }, out) {
    const impacts = new Float64Array(to).fill(NaN);
    for (let t = 0; t < to; t++) {
      if (dollar_volume[t]! > 0) impacts[t] = Math.abs(daily_return[t]!) / dollar_volume[t]!;
    }
    const { sums, counts } = trailingSums(impacts, 252, epoch);
    const required = requiredObservations(252);
    for (let t = from; t < to; t++) {
      if (counts[t]! >= required) out[t] = (1e6 * sums[t]!) / counts[t]!;
    }
  },
});
