/** Mean and sample standard deviation of the window that ends on each day. */
export interface Moving {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Moving mean and standard deviation (ddof 1) over the last `window` days, of the defined values among them.
 *
 * @returns NaN before the window is full, and where too few values are defined: 1 for the mean, 2 for the deviation
 */
export function moving(values: Float64Array, window: number): Moving {
  const mean = new Float64Array(values.length).fill(NaN);
  const deviation = new Float64Array(values.length).fill(NaN);
  // Sums of values minus the first defined one, which keeps the squares from cancelling.
  const origin = values.find((value) => !Number.isNaN(value)) ?? 0;
  let [names, sum, squares] = [0, 0, 0];
  const count = (value: number, sign: 1 | -1): void => {
    if (Number.isNaN(value)) return;
    names += sign;
    sum += sign * (value - origin);
    squares += sign * (value - origin) ** 2;
  };
  for (let day = 0; day < values.length; day++) {
    count(values[day]!, 1);
    if (day >= window) count(values[day - window]!, -1);
    if (day < window - 1 || names < 1) continue;
    mean[day] = origin + sum / names;
    if (names > 1)
      deviation[day] = Math.sqrt(Math.max(0, squares - sum ** 2 / names) / (names - 1));
  }
  return { mean, deviation };
}

/** Sum up to and with each day; an undefined day adds nothing. */
export function cumulativeSum(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => (sum += Number.isNaN(value) ? 0 : value));
}
