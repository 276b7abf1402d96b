import { defineFactor } from "../define.ts";
import { trailingCoMoments } from "../kernels/co-moments.ts";
import { residualSquares, slope } from "../kernels/market-model.ts";

/**
 * Idiosyncratic volatility of the past month. The paper takes residuals of the Fama-French three-factor model
 * over a calendar month; here it is the market model with an equal-weighted market over 21 sessions, and two
 * degrees of freedom are paid for.
 */
export const ivol_21 = defineFactor({
  name: "ivol_21",
  version: 1,
  title: "Idiosyncratic volatility, 21 sessions",
  formula:
    "sqrt(sum(e^2) / (n - 2)) over t-20 .. t, e the residuals of r = alpha + beta * m + e, " +
    "r the daily total return, m the mean of all securities' r; not annualised",
  reference:
    "Ang, Hodrick, Xing & Zhang (2006), The Cross-Section of Volatility and Expected " +
    "Returns, Journal of Finance 61",
  sign: -1,
  lookback: 20,
  inputs: ["daily_return", "market_return"],
  compute({ daily_return, market_return }, { from, to, epoch }, out) {
    const month = trailingCoMoments(daily_return, market_return, 21, epoch);
    for (let t = from; t < to; t++) {
      const squares = residualSquares(month, t, slope(month, t));
      out[t] = Math.sqrt(squares / (month.counts[t]! - 2));
    }
  },
});
