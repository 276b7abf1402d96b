import { defineFactor } from "../define.ts";
import { centeredSquares } from "../kernels/centered-squares.ts";
import { requiredObservations } from "../kernels/coverage.ts";
import { product } from "../kernels/product.ts";
import { trailingSums } from "../kernels/trailing-sum.ts";

/** Skewness of a year's daily returns: lottery-like stocks are dear. NaN when the returns do not vary. */
export const skew_252 = defineFactor({
  name: "skew_252",
  version: 1,
  title: "Return skewness, 252 sessions",
  formula:
    "mean((r - m)^3) / mean((r - m)^2)^1.5 over r[t-251 .. t], r the daily total return, m " +
    "its mean",
  reference:
    "Barberis & Huang (2008), Stocks as Lotteries, American Economic Review 98; the " +
    "measure as in Bali, Engle & Murray (2016), Empirical Asset Pricing, chapter 14",
  sign: -1,
  lookback: 251,
  inputs: ["daily_return"],
  compute({ daily_return }, { from, to, epoch }, out) {
    const squared = product(daily_return, daily_return);
    const { sums, counts } = trailingSums(daily_return, 252, epoch);
    const squares = trailingSums(squared, 252, epoch).sums;
    const cubes = trailingSums(product(squared, daily_return), 252, epoch).sums;
    const required = requiredObservations(252);
    for (let t = from; t < to; t++) {
      const n = counts[t]!;
      if (n < required) continue;
      const mean = sums[t]! / n;
      const variance = centeredSquares(squares[t]!, sums[t]!, n) / n;
      if (variance === 0) continue;
      const third = (cubes[t]! - 3 * mean * squares[t]!) / n + 2 * mean * mean * mean;
      out[t] = third / (variance * Math.sqrt(variance));
    }
  },
});
