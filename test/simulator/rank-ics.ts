import { ArgSort } from "../../shared/evaluation/argsort.ts";
import { averageRanks, rankCorrelation } from "../../shared/evaluation/ranks.ts";

/** Spearman's rho. */
export function spearman(a: Float64Array, b: Float64Array): number {
  const count = a.length;
  const sort = new ArgSort(count);
  const [ranksA, ranksB] = [new Float64Array(count), new Float64Array(count)];
  const squaresA = averageRanks(a, sort.sort(a, count), ranksA);
  const squaresB = averageRanks(b, sort.sort(b, count), ranksB);
  const products = ranksA.reduce((sum, rank, at) => sum + rank * ranksB[at]!, 0);
  return rankCorrelation(products, count, squaresA, squaresB);
}

/**
 * The rank IC of each day with 20 names or more.
 *
 * @param prices by security, by day
 * @param factor the value of a security's prices on a day
 */
export function rankIcs(
  prices: readonly Float64Array[],
  factor: (prices: Float64Array, day: number) => number,
  { horizon = 1, delay = 0 } = {},
): number[] {
  const values = new Float64Array(prices.length);
  const returns = new Float64Array(prices.length);
  const ics: number[] = [];
  for (let day = 0; day + delay + horizon < prices[0]!.length; day++) {
    let count = 0;
    for (const own of prices) {
      const value = factor(own, day);
      const next = own[day + delay + horizon]! / own[day + delay]! - 1;
      if (Number.isNaN(value) || Number.isNaN(next)) continue;
      values[count] = value;
      returns[count++] = next;
    }
    if (count >= 20) ics.push(spearman(values.subarray(0, count), returns.subarray(0, count)));
  }
  return ics;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean of independent values. */
export function standardError(values: readonly number[]): number {
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
