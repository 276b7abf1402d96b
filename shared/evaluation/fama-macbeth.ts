import { leastSquares } from "./least-squares.ts";
import { mean, standardDeviation, twoSidedP } from "./moments.ts";
import { neweyWestT } from "./long-run-variance.ts";

/** One period's cross-section. */
export interface CrossSectionOfPeriod {
  /** Dependent variable, one value a name. */
  readonly y: Float64Array;
  /** Regressors, one array each of the same length, without the constant. */
  readonly x: readonly Float64Array[];
}

/** A premium: the mean over periods of the cross-sectional slopes. */
export interface Premium {
  readonly coefficient: number;
  readonly standardError: number;
  readonly t: number;
  readonly p: number;
}

/** The constant first, then one premium a regressor. */
export interface FamaMacBeth {
  readonly premia: readonly Premium[];
  /** Periods with a regression; the others had too few names or dependent regressors. */
  readonly periods: number;
}

/**
 * Fama and MacBeth (1973): one cross-sectional regression a period, then the mean of each coefficient over periods and its
 * standard error from their variation.
 *
 * @param periods in time order
 * @param lag Newey-West lag of the standard errors; 0 is Fama and MacBeth's own
 */
export function famaMacBeth(periods: Iterable<CrossSectionOfPeriod>, lag = 0): FamaMacBeth {
  const slopes: Float64Array[] = [];
  for (const { y, x } of periods) {
    const coefficients = leastSquares([new Float64Array(y.length).fill(1), ...x], y);
    if (coefficients) slopes.push(coefficients);
  }
  const width = slopes[0]?.length ?? 0;
  const premia = Array.from({ length: width }, (_, at) =>
    premium(
      Float64Array.from(slopes, (row) => row[at]!),
      lag,
    ),
  );
  return { premia, periods: slopes.length };
}

function premium(series: Float64Array, lag: number): Premium {
  const coefficient = mean(series);
  const t =
    lag === 0
      ? coefficient / (standardDeviation(series) / Math.sqrt(series.length))
      : neweyWestT(series, lag);
  return { coefficient, standardError: coefficient / t, t, p: twoSidedP(t, series.length - 1) };
}
