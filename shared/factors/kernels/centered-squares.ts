/**
 * What a difference of sums may leave of them, relative to the sums, before it counts as a number and not as
 * rounding. Summing n doubles errs by at most n * 1.1e-16, below 1e-13 for three years of sessions; a true
 * ratio under 1e-12 would be a deviation of less than a millionth of the values' own size, which no price
 * series has.
 */
const roundingNoise = 1e-12;

/**
 * `difference`, or exactly 0 when it is no more than rounding noise of the positive `terms` it was taken
 * from; NaN stays NaN.
 */
export function withoutRoundingNoise(difference: number, terms: number): number {
  return difference <= roundingNoise * terms ? 0 : difference;
}

/**
 * Sum of squared deviations from the mean, `sum of x^2 - (sum of x)^2 / n`; exactly 0 when the values are all
 * the same.
 *
 * @param squares sum of the squared values
 * @param sum sum of the values
 * @param count how many they are
 */
export function centeredSquares(squares: number, sum: number, count: number): number {
  return withoutRoundingNoise(squares - (sum * sum) / count, squares);
}
