/**
 * Average ranks, 1-based: equal values share the mean of their places, as scipy's `rankdata`.
 *
 * @param values the values
 * @param order positions of `values`, ascending by value
 * @param ranks receives the rank of each of these positions
 * @returns the sum of squared deviations of the ranks from their mean
 */
export function averageRanks(
  values: Float64Array | Float32Array,
  order: Int32Array,
  ranks: Float64Array,
): number {
  const count = order.length;
  let ties = 0;
  for (let from = 0; from < count;) {
    const value = values[order[from]!]!;
    let to = from + 1;
    while (to < count && values[order[to]!]! === value) to++;
    const rank = (from + 1 + to) / 2;
    ties += tieTerm(to - from);
    for (; from < to; from++) ranks[order[from]!] = rank;
  }
  return (tieTerm(count) - ties) / 12;
}

/** t^3 - t: twelve times the squared deviations of t different ranks, and what t equal values take away from them. */
export function tieTerm(count: number): number {
  return count * count * count - count;
}

/**
 * Spearman's rho from the sum of products of two sets of average ranks of `1 .. count`. All its inputs are sums of
 * quarters, exact in doubles, so the result does not depend on the order of summation.
 *
 * @param products sum of rank times rank
 * @param squaresA sum of squared deviations of one side's ranks
 * @param squaresB of the other's
 * @returns NaN for fewer than 2 names, or where one side is all ties
 */
export function rankCorrelation(
  products: number,
  count: number,
  squaresA: number,
  squaresB: number,
): number {
  if (count < 2 || squaresA <= 0 || squaresB <= 0) return NaN;
  const mean = (count + 1) / 2;
  return clamp((products - count * mean * mean) / Math.sqrt(squaresA) / Math.sqrt(squaresB));
}

/** Rounding must not carry a correlation beyond 1. */
export function clamp(correlation: number): number {
  return Math.max(-1, Math.min(1, correlation));
}
