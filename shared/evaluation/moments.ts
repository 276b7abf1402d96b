import tCdf from "@stdlib/stats-base-dists-t-cdf";

/** The defined values of a series: NaN are days on which the statistic does not exist. */
export function defined(series: Float64Array): Float64Array {
  return series.filter((value) => !Number.isNaN(value));
}

/** Arithmetic mean; NaN of nothing. */
export function mean(series: Float64Array): number {
  let sum = 0;
  for (const value of series) sum += value;
  return sum / series.length;
}

/** Differences below this share of the largest value are rounding. */
const rounding = 1e-12;

/** True where values differ by more than rounding. */
export function varies(series: Float64Array): boolean {
  let [least, most] = [Infinity, -Infinity];
  for (const value of series) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least > rounding * Math.max(Math.abs(least), Math.abs(most));
}

/** k-th central moment, divided by n. */
function centralMoment(series: Float64Array, k: number): number {
  const center = mean(series);
  let sum = 0;
  for (const value of series) sum += (value - center) ** k;
  return sum / series.length;
}

/** Sample standard deviation, ddof 1; 0 where values differ by rounding alone, NaN for fewer than 2. */
export function standardDeviation(series: Float64Array): number {
  const n = series.length;
  if (n >= 2 && !varies(series)) return 0;
  return n < 2 ? NaN : Math.sqrt((centralMoment(series, 2) * n) / (n - 1));
}

/** Skewness, biased (scipy's default); NaN without variance. */
export function skewness(series: Float64Array): number {
  const variance = varies(series) ? centralMoment(series, 2) : 0;
  return variance > 0 ? centralMoment(series, 3) / variance ** 1.5 : NaN;
}

/** Excess kurtosis, biased (scipy's default); NaN without variance. */
export function kurtosis(series: Float64Array): number {
  const variance = varies(series) ? centralMoment(series, 2) : 0;
  return variance > 0 ? centralMoment(series, 4) / variance ** 2 - 3 : NaN;
}

/** Two-sided p-value of a Student t statistic. */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  return Number.isNaN(t) ? NaN : 2 * tCdf(-Math.abs(t), degreesOfFreedom);
}

/** One-sample t test of a mean of zero, as if days were independent. */
export function tTest(series: Float64Array): { t: number; p: number } {
  const deviation = standardDeviation(series);
  const t = deviation > 0 ? mean(series) / (deviation / Math.sqrt(series.length)) : NaN;
  return { t, p: twoSidedP(t, series.length - 1) };
}
