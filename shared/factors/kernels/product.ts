/**
 * `a[t] * b[t]` for every t; NaN when either is missing. A plain loop: `map` with a closure costs ten times
 * as much.
 */
export function product(a: Float64Array, b: Float64Array): Float64Array {
  const products = new Float64Array(a.length);
  for (let at = 0; at < a.length; at++) products[at] = a[at]! * b[at]!;
  return products;
}
