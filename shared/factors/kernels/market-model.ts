import { withoutRoundingNoise } from "./centered-squares.ts";
import type { CoMoments } from "./co-moments.ts";

/**
 * Slope of the market model `y = alpha + beta * x + e` by ordinary least squares over the window that ends at
 * t (Sharpe 1963); NaN when the market did not move.
 */
export function slope(window: CoMoments, t: number): number {
  const squares = window.marketSquares[t]!;
  return squares > 0 ? window.crossProducts[t]! / squares : NaN;
}

/**
 * Mean of `y - beta * x` over the window that ends at t: the intercept of the market model when `beta` is its
 * own slope.
 */
export function intercept(window: CoMoments, t: number, beta: number): number {
  return window.stockMeans[t]! - beta * window.marketMeans[t]!;
}

/**
 * Sum of squared deviations of `y - beta * x` from its mean over the window that ends at t: the residuals'
 * sum of squares when `beta` is the window's own slope. Exactly 0 when the stock is a linear function of the
 * market with that slope.
 */
export function residualSquares(window: CoMoments, t: number, beta: number): number {
  const stock = window.stockSquares[t]!;
  const market = beta * beta * window.marketSquares[t]!;
  const count = window.counts[t]!;
  const means = window.stockMeans[t]! ** 2 + (beta * window.marketMeans[t]!) ** 2;
  return withoutRoundingNoise(
    stock - 2 * beta * window.crossProducts[t]! + market,
    stock + market + count * means,
  );
}
