import { mean, twoSidedP, varies } from "./moments.ts";

/**
 * The t statistic of a mean by Newey and West (1987): Bartlett weights up to `lag`, no small-sample correction.
 * Equals statsmodels' `OLS(y, 1).fit(cov_type="HAC", cov_kwds={"maxlags": lag})`.
 *
 * @param series daily values, no NaN
 * @param lag the longest autocovariance that counts, 0 or more
 * @returns NaN where the variance is not positive
 */
export function neweyWestT(series: Float64Array, lag: number): number {
  if (!varies(series)) return NaN;
  const n = series.length;
  const center = mean(series);
  const deviations = series.map((value) => value - center);
  let variance = 0;
  for (let shift = 0; shift <= Math.min(lag, n - 1); shift++) {
    let product = 0;
    for (let at = shift; at < n; at++) product += deviations[at]! * deviations[at - shift]!;
    variance += (shift === 0 ? 1 : 2 * (1 - shift / (lag + 1))) * product;
  }
  return variance > 0 ? center / (Math.sqrt(variance) / n) : NaN;
}

/** A test of a mean whose size holds under overlap and persistence. */
export interface MeanTest {
  readonly t: number;
  readonly p: number;
  readonly terms: number;
}

/**
 * How many cosine terms a series of T days of h-day returns supports: `min(0.41 T^(2/3), T / 3h)`, at least 1.
 *
 * The first bound is Lazarus, Lewis, Stock and Watson's (2018) rule; the second keeps the terms to periods well beyond
 * the overlap of the returns, where the spectrum of the series is flat.
 */
export function cosineTerms(days: number, overlap: number): number {
  return Math.max(1, Math.floor(Math.min(0.41 * days ** (2 / 3), days / (3 * overlap))));
}

/**
 * Tests a mean of zero with the equal-weighted cosine estimate of the long-run variance and Student's t with as many
 * degrees of freedom as terms (Müller 2004; Lazarus, Lewis, Stock, Watson 2018, "HAR inference").
 *
 * @param series daily values in time order, no NaN
 * @param terms how many cosines, 1 or more, fewer than the series has days
 * @returns t and p, NaN where the variance is not positive
 */
export function cosineTest(series: Float64Array, terms: number): MeanTest {
  if (!varies(series)) return { t: NaN, p: NaN, terms };
  const n = series.length;
  let variance = 0;
  for (let term = 1; term <= terms; term++) {
    let projection = 0;
    for (let at = 0; at < n; at++) {
      projection += series[at]! * Math.cos((Math.PI * term * (at + 0.5)) / n);
    }
    variance += (projection * projection * 2) / n / terms;
  }
  const t = variance > 0 ? (Math.sqrt(n) * mean(series)) / Math.sqrt(variance) : NaN;
  return { t, p: twoSidedP(t, terms), terms };
}
