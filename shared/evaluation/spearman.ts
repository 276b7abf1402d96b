/** Average ranks of some values, ties together. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's rank correlation of pairs; null where either does not vary. */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length + 1) / 2;
  let [products, xs, ys] = [0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    products += (x[at]! - middle) * (y[at]! - middle);
    xs += (x[at]! - middle) ** 2;
    ys += (y[at]! - middle) ** 2;
  }
  return xs === 0 || ys === 0 ? null : products / Math.sqrt(xs * ys);
}
