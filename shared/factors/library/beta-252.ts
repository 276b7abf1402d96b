import { defineFactor } from "../define.ts";
import { trailingCoMoments } from "../kernels/co-moments.ts";
import { slope } from "../kernels/market-model.ts";

/**
 * Market beta. The CAPM promises more for more of it; the evidence, and so the sign, is that low beta earns
 * more for its risk. The paper estimates volatilities over one year and correlations over five and shrinks to
 * 1; this is the plain regression.
 */
export const beta_252 = defineFactor({
  name: "beta_252",
  version: 1,
  title: "Market beta, 252 sessions",
  formula:
    "cov(r, m) / var(m) over t-251 .. t, r the daily total return, m the mean of all securities' r",
  reference: "Frazzini & Pedersen (2014), Betting Against Beta, Journal of Financial Economics 111",
  sign: -1,
  lookback: 251,
  inputs: ["daily_return", "market_return"],
  compute({ daily_return, market_return }, { from, to, epoch }, out) {
    const year = trailingCoMoments(daily_return, market_return, 252, epoch);
    for (let t = from; t < to; t++) out[t] = slope(year, t);
  },
});
