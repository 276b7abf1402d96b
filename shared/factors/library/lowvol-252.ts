import { defineFactor } from "../define.ts";
import { trailingVolatility } from "../kernels/trailing-volatility.ts";

/** Low volatility: the calmest stocks of the past year first. */
export const lowvol_252 = defineFactor({
  name: "lowvol_252",
  version: 1,
  title: "Low volatility, 252 sessions",
  formula:
    "-std(r[t-251 .. t]), r the daily total return, sample standard deviation, not annualised",
  reference: "Blitz & van Vliet (2007), The Volatility Effect, Journal of Portfolio Management 34",
  sign: 1,
  lookback: 251,
  inputs: ["daily_return"],
  compute({ daily_return }, { from, to, epoch }, out) {
    const volatility = trailingVolatility(daily_return, 252, epoch);
    // 0 - x, so that no volatility is 0 and not -0.
    for (let t = from; t < to; t++) out[t] = 0 - volatility[t]!;
  },
});
