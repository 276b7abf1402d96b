import { ArgSort } from "./argsort.ts";
import { averageRanks, rankCorrelation } from "./ranks.ts";

/** Spearman's rank correlation of pairs; null where there are too few, or either does not vary. */
export function spearman(a: Float64Array, b: Float64Array): number | null {
  const sort = new ArgSort(a.length);
  const ranksOf = (values: Float64Array): { ranks: Float64Array; squares: number } => {
    const ranks = new Float64Array(values.length);
    const squares = averageRanks(values, sort.sort(values, values.length), ranks);
    return { ranks, squares };
  };
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const products = x.ranks.reduce((sum, rank, at) => sum + rank * y.ranks[at]!, 0);
  const rho = rankCorrelation(products, a.length, x.squares, y.squares);
  return Number.isNaN(rho) ? null : rho;
}
