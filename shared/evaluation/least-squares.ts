/**
 * Solves the normal equations of least squares by Cholesky's factorisation. Meant for a handful of regressors.
 *
 * @param columns regressors, one array each, of the length of y; give a column of ones for an intercept
 * @param y the dependent variable
 * @returns one coefficient a column; undefined where the columns are linearly dependent or too few points are there
 */
export function leastSquares(
  columns: readonly Float64Array[],
  y: Float64Array,
): Float64Array | undefined {
  const k = columns.length;
  if (y.length < k) return undefined;
  const gram = columns.map((a) => Float64Array.from(columns, (b) => dot(a, b)));
  const lower = cholesky(gram);
  if (lower === undefined) return undefined;
  const solution = Float64Array.from(columns, (column) => dot(column, y));
  for (let row = 0; row < k; row++) {
    for (let at = 0; at < row; at++) solution[row]! -= lower[row]![at]! * solution[at]!;
    solution[row]! /= lower[row]![row]!;
  }
  for (let row = k - 1; row >= 0; row--) {
    for (let at = row + 1; at < k; at++) solution[row]! -= lower[at]![row]! * solution[at]!;
    solution[row]! /= lower[row]![row]!;
  }
  return solution;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

function cholesky(matrix: readonly Float64Array[]): Float64Array[] | undefined {
  const lower = matrix.map((row) => new Float64Array(row.length));
  for (let row = 0; row < matrix.length; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row]![column]!;
      for (let at = 0; at < column; at++) rest -= lower[row]![at]! * lower[column]![at]!;
      if (row === column) {
        // A pivot lost in the rounding of its own square is a column that the others explain.
        if (!(rest > 1e-12 * matrix[row]![row]!)) return undefined;
        lower[row]![row] = Math.sqrt(rest);
      } else {
        lower[row]![column] = rest / lower[column]![column]!;
      }
    }
  }
  return lower;
}
