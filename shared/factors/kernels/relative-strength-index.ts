import { wilderAverages } from "./wilder-average.ts";

/**
 * Relative strength index, `100 * gain / (gain + loss)`, for every t, from 0 to 100: gain and loss are
 * Wilder's averages of the rises and of the falls of the price from one session to the next (Wilder 1978; the
 * same as `100 - 100 / (1 + gain / loss)`).
 *
 * They are seeded at the window's first bar: the security's first, or the one `window` sessions back if that
 * is later. A session beside a missing price has no change and is left out. NaN where the averages are, and
 * when the price never moved.
 *
 * @param price any length, NaN where missing; its scale does not matter
 * @param n changes the averages look back on
 * @param window changes the recursion runs over, n or more; with 250, the seed keeps a weight of 3e-8 for
 *   n = 14 and 3e-4 for n = 28
 * @param epoch number of the session at position 0, from `FactorWindow`
 */
export function relativeStrengthIndex(
  price: Float64Array,
  n: number,
  window: number,
  epoch: number,
): Float64Array {
  const rises = new Float64Array(price.length).fill(NaN);
  const falls = new Float64Array(price.length).fill(NaN);
  for (let at = 1; at < price.length; at++) {
    const change = price[at]! - price[at - 1]!;
    rises[at] = Math.max(change, 0);
    falls[at] = Math.max(-change, 0);
  }
  const gains = wilderAverages(rises, n, window, epoch);
  const losses = wilderAverages(falls, n, window, epoch);
  const indices = new Float64Array(price.length);
  // Without any change 0 / 0 is NaN, as it should be.
  for (let at = 0; at < price.length; at++) {
    indices[at] = (100 * gains[at]!) / (gains[at]! + losses[at]!);
  }
  return indices;
}
