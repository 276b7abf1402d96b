import { centeredSquares } from "./centered-squares.ts";
import { requiredObservations } from "./coverage.ts";
import { product } from "./product.ts";
import { trailingSums } from "./trailing-sum.ts";
import { wherePresent } from "./where-present.ts";

/**
 * What a regression of a security's returns y on the market's returns x needs to know of each trailing
 * window, over the sessions that have both. All NaN when they are fewer than `requiredObservations`.
 */
export interface CoMoments {
  readonly counts: Float64Array;
  readonly stockMeans: Float64Array;
  readonly marketMeans: Float64Array;
  /** Sum of (y - mean y)^2; exactly 0 when y is constant. */
  readonly stockSquares: Float64Array;
  /** Sum of (x - mean x)^2; exactly 0 when x is constant. */
  readonly marketSquares: Float64Array;
  /** Sum of (x - mean x)(y - mean y); exactly 0 when either is constant. */
  readonly crossProducts: Float64Array;
}

/**
 * Co-moments of `stock` and `market` over `[t - window + 1 .. t]` for every t.
 *
 * @param stock returns of the security, NaN where missing
 * @param market returns of the market, the same sessions
 * @param window sessions, 3 or more
 * @param epoch number of the session at position 0, from `FactorWindow`
 */
export function trailingCoMoments(
  stock: Float64Array,
  market: Float64Array,
  window: number,
  epoch: number,
): CoMoments {
  // A session that is missing on one side is left out on both.
  const y = wherePresent(stock, market);
  const x = wherePresent(market, stock);
  const stockSums = trailingSums(y, window, epoch);
  const marketSums = trailingSums(x, window, epoch);
  const yy = trailingSums(product(y, y), window, epoch).sums;
  const xx = trailingSums(product(x, x), window, epoch).sums;
  const xy = trailingSums(product(x, y), window, epoch).sums;

  const missing = (): Float64Array => new Float64Array(stock.length).fill(NaN);
  const moments = {
    counts: missing(),
    stockMeans: missing(),
    marketMeans: missing(),
    stockSquares: missing(),
    marketSquares: missing(),
    crossProducts: missing(),
  };
  const required = requiredObservations(window);
  for (let at = window - 1; at < stock.length; at++) {
    const count = stockSums.counts[at]!;
    if (count < required) continue;
    const sumY = stockSums.sums[at]!;
    const sumX = marketSums.sums[at]!;
    moments.counts[at] = count;
    moments.stockMeans[at] = sumY / count;
    moments.marketMeans[at] = sumX / count;
    moments.stockSquares[at] = centeredSquares(yy[at]!, sumY, count);
    moments.marketSquares[at] = centeredSquares(xx[at]!, sumX, count);
    const varying = moments.stockSquares[at]! > 0 && moments.marketSquares[at]! > 0;
    moments.crossProducts[at] = varying ? xy[at]! - (sumX * sumY) / count : 0;
  }
  return moments;
}
