import { mean, standardDeviation } from "./moments.ts";

/** Sessions in a year, the field's convention. */
export const sessionsPerYear = 252;

/** Growth of 1 by simple returns: `prod(1 + r)` up to and with each day. */
export function cumulativeGrowth(returns: Float64Array): Float64Array {
  const growth = new Float64Array(returns.length);
  let value = 1;
  for (let at = 0; at < returns.length; at++) growth[at] = value *= 1 + returns[at]!;
  return growth;
}

/**
 * Compound annual growth rate of daily returns, a fraction; NaN of nothing.
 * Equals empyrical's `annual_return` at 252 days.
 */
export function annualReturn(returns: Float64Array): number {
  if (returns.length === 0) return NaN;
  return cumulativeGrowth(returns).at(-1)! ** (sessionsPerYear / returns.length) - 1;
}

/** Standard deviation of daily returns times sqrt(252), a fraction. */
export function annualVolatility(returns: Float64Array): number {
  return standardDeviation(returns) * Math.sqrt(sessionsPerYear);
}

/** Sharpe ratio of daily returns, annualised by sqrt(252), no risk-free rate; NaN without variance. */
export function sharpeRatio(returns: Float64Array): number {
  const deviation = standardDeviation(returns);
  return deviation > 0 ? (mean(returns) / deviation) * Math.sqrt(sessionsPerYear) : NaN;
}

/** Loss from the highest growth so far (1 at the start) on each day, 0 or negative. */
export function drawdowns(returns: Float64Array): Float64Array {
  let highest = 1;
  return cumulativeGrowth(returns).map((value) => {
    highest = Math.max(highest, value);
    return value / highest - 1;
  });
}

/** The deepest drawdown of daily returns, 0 or negative; NaN of nothing. */
export function maxDrawdown(returns: Float64Array): number {
  return returns.length === 0 ? NaN : drawdowns(returns).reduce((a, b) => Math.min(a, b));
}

/** Intercept and slope of a least-squares line. */
export interface Line {
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Ordinary least squares of y on a constant and x.
 *
 * @returns NaN for fewer than 2 points or an x without variance
 */
export function regress(y: Float64Array, x: Float64Array): Line {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, xy] = [0, 0];
  for (let at = 0; at < x.length; at++) {
    xx += (x[at]! - meanX) ** 2;
    xy += (x[at]! - meanX) * (y[at]! - meanY);
  }
  if (!(xx > 0)) return { alpha: NaN, beta: NaN };
  return { alpha: meanY - (xy / xx) * meanX, beta: xy / xx };
}

/** A return per `horizon` rows compounded to a year. */
export function annualised(perHorizon: number, horizon: number): number {
  return (1 + perHorizon) ** (sessionsPerYear / horizon) - 1;
}
