/** A symmetric matrix, row-major. */
export interface Covariance {
  readonly size: number;
  readonly values: Float64Array;
}

/** Columns of a row-major table less their means. */
function centered(table: Float64Array, width: number): Float64Array {
  const rows = table.length / width;
  const out = new Float64Array(table.length);
  for (let column = 0; column < width; column++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += table[row * width + column]!;
    const center = sum / rows;
    for (let row = 0; row < rows; row++)
      out[row * width + column] = table[row * width + column]! - center;
  }
  return out;
}

/** Newey and West's (1994) rule of thumb for the longest autocovariance of n days: `4 (n / 100)^(2/9)`. */
export const neweyWestLag = (days: number): number => Math.floor(4 * (days / 100) ** (2 / 9));

/**
 * Long-run covariance by Newey and West (1987): `G0 + sum over l of (1 - l / (lag + 1)) (Gl + Gl')`, means taken out, divided by the
 * number of rows. It is positive semidefinite. Equals statsmodels' `S_hac_simple(x - x.mean(0), lag) / n`.
 *
 * @param table rows in time order, row-major, no NaN
 * @param lag the longest autocovariance that counts
 */
export function neweyWestCovariance(table: Float64Array, width: number, lag: number): Covariance {
  const x = centered(table, width);
  const rows = table.length / width;
  const values = new Float64Array(width * width);
  for (let shift = 0; shift <= Math.min(lag, rows - 1); shift++) {
    const weight = 1 - shift / (lag + 1);
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) {
        let product = 0;
        for (let row = shift; row < rows; row++) {
          product += x[row * width + a]! * x[(row - shift) * width + b]!;
        }
        values[a * width + b]! += (weight * product) / rows;
        if (shift > 0) values[b * width + a]! += (weight * product) / rows;
      }
    }
  }
  return { size: width, values };
}

/**
 * How far sample correlations are to be drawn to zero: Ledoit and Wolf's (2004) intensity for columns of mean 0 and deviation 1, whose
 * target is then the identity. Equals scikit-learn's `ledoit_wolf_shrinkage` of the scaled columns.
 *
 * @param table rows by columns, row-major, no NaN
 * @returns 0 to 1
 */
export function correlationShrinkage(table: Float64Array, width: number): number {
  if (width < 2) return 0;
  const rows = table.length / width;
  const x = centered(table, width);
  for (let column = 0; column < width; column++) {
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += x[row * width + column]! ** 2;
    const deviation = Math.sqrt(squares / rows);
    for (let row = 0; row < rows; row++) x[row * width + column]! /= deviation;
  }
  let [fourth, cross] = [0, 0];
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++) {
      let [product, squared] = [0, 0];
      for (let row = 0; row < rows; row++) {
        const one = x[row * width + a]! * x[row * width + b]!;
        product += one;
        squared += one * one;
      }
      fourth += squared;
      cross += (product / rows) ** 2;
    }
  }
  const noise = (fourth / rows - cross) / (width * rows);
  const distance = cross / width - 1;
  return distance > 0 ? Math.max(0, Math.min(1, noise / distance)) : 1;
}

/** Draws the correlations of a covariance to zero; variances stay. */
export function shrunk({ size, values }: Covariance, intensity: number): Covariance {
  const copy = values.map((value, at) =>
    Math.floor(at / size) === at % size ? value : (1 - intensity) * value,
  );
  return { size, values: copy };
}
