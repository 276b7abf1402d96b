/**
 * Adjusted p-values by Benjamini and Hochberg (1995): rejecting those at or below q keeps the expected share of false
 * discoveries among the rejected at or below q. Equals R's `p.adjust(p, "BH")`.
 *
 * @param p p-values in any order, no NaN
 * @param trials how many tests there were in all; those not listed count as p = 1
 */
export function benjaminiHochberg(p: readonly number[], trials = p.length): number[] {
  const order = p.map((_, at) => at).sort((a, b) => p[b]! - p[a]!);
  const adjusted = new Array<number>(p.length);
  let smallest = 1;
  for (const [at, position] of order.entries()) {
    const rank = p.length - at;
    smallest = Math.min(smallest, (p[position]! * trials) / rank);
    adjusted[position] = smallest;
  }
  return adjusted;
}
