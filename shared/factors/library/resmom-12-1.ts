import { defineFactor } from "../define.ts";
import { trailingCoMoments } from "../kernels/co-moments.ts";
import { intercept, residualSquares, slope } from "../kernels/market-model.ts";

/**
 * The paper's 36 months. Residuals of a regression over the formation year itself would sum to nearly
 * nothing.
 */
const estimation = 756;
/** The returns from the close of t - 252 to that of t - 21, as in `mom_12_1`. */
const formation = 231;
const skipped = 21;

/**
 * Residual momentum: the year that ended a month ago, without what the market explains, for its risk. The
 * paper sums monthly residuals of the Fama-French three-factor model; here they are daily, of the market
 * model, and their mean stands for their sum, so that a missing session does not count as one without a
 * return.
 */
export const resmom_12_1 = defineFactor({
  name: "resmom_12_1",
  version: 1,
  title: "Residual momentum 12-1",
  formula:
    "mean(e) / std(e) over t-251 .. t-21, e = r - alpha - beta * m with alpha and beta " +
    "estimated over t-755 .. t, r the daily total return, m the mean of all securities' r",
  reference: "Blitz, Huij & Martens (2011), Residual Momentum, Journal of Empirical Finance 18",
  sign: 1,
  lookback: 755,
  inputs: ["daily_return", "market_return"],
  compute({ daily_return, market_return }, { from, to, epoch }, out) {
    const years = trailingCoMoments(daily_return, market_return, estimation, epoch);
    const year = trailingCoMoments(daily_return, market_return, formation, epoch);
    for (let t = Math.max(from, estimation - 1); t < to; t++) {
      const beta = slope(years, t);
      const alpha = intercept(years, t, beta);
      const end = t - skipped;
      const variance = residualSquares(year, end, beta) / (year.counts[end]! - 1);
      if (variance > 0) out[t] = (intercept(year, end, beta) - alpha) / Math.sqrt(variance);
    }
  },
});
