import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { mean, standardDeviation } from "../../moments.ts";

/** One point of a Q-Q plot: where a standard normal distribution would have it, and where it is. */
export type QuantilePoint = readonly [normal: number, observed: number];

/**
 * The points of a Q-Q plot against the normal: the k-th smallest of n values, standardised by their own mean and standard
 * deviation, over the normal quantile of (k - 1/2) / n. Of many values, those nearest to an even grid of normal quantiles
 * are kept, so that the tails keep every point.
 *
 * @param values no NaN
 * @param most how many points at most
 * @returns nothing for fewer than 2 values or no variance
 */
export function normalQuantiles(values: Float64Array, most: number): QuantilePoint[] {
  const n = values.length;
  const deviation = standardDeviation(values);
  if (!(deviation > 0)) return [];
  const center = mean(values);
  const sorted = values.toSorted();
  const normal = sorted.map((_, at) => normalQuantile((at + 0.5) / n, 0, 1));
  return ranksOnGrid(normal, most).map((at) => [normal[at]!, (sorted[at]! - center) / deviation]);
}

/** Positions of ascending values nearest above an even grid from the first to the last of them, each once. */
function ranksOnGrid(ascending: Float64Array, most: number): number[] {
  const n = ascending.length;
  if (n <= most) return Array.from(ascending.keys());
  const [from, to] = [ascending[0]!, ascending.at(-1)!];
  const ranks = new Set<number>();
  let at = 0;
  for (let step = 0; step < most; step++) {
    const target = from + ((to - from) * step) / (most - 1);
    while (at < n - 1 && ascending[at]! < target) at++;
    ranks.add(at);
  }
  return [...ranks];
}
