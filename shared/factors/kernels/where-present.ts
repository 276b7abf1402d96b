/** `values`, but NaN wherever `other` is: what both sides of a paired statistic may use. */
export function wherePresent(values: Float64Array, other: Float64Array): Float64Array {
  const kept = values.slice();
  for (let at = 0; at < kept.length; at++) {
    if (Number.isNaN(other[at]!)) kept[at] = NaN;
  }
  return kept;
}
