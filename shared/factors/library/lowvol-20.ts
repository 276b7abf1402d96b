import { defineFactor } from "../define.ts";
import { trailingVolatility } from "../kernels/trailing-volatility.ts";

/** Low volatility: the calmest stocks of the past month first. */
export const lowvol_20 = defineFactor({
  name: "lowvol_20",
  version: 1,
  title: "Low volatility, 20 sessions",
  formula:
    "-std(r[t-19 .. t]), r the daily total return, sample standard deviation, not annualised",
  reference: "Blitz & van Vliet (2007), The Volatility Effect, Journal of Portfolio Management 34",
  sign: 1,
  lookback: 19,
  inputs: ["daily_return"],
  compute({ daily_return }, { from, to, epoch }, out) {
    const volatility = trailingVolatility(daily_return, 20, epoch);
    // 0 - x, so that no volatility is 0 and not -0.
    for (let t = from; t < to; t++) out[t] = 0 - volatility[t]!;
  },
});
