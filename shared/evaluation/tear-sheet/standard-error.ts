import { neweyWestT } from "../long-run-variance.ts";
import { defined, mean } from "../moments.ts";
import type { IcSummary, Statistic } from "../result.ts";

/** Two HAC standard errors of the mean coefficient, which is what its t statistic divides by; null where undefined. */
export function twoErrorsOfIc({ mean, t_hac }: IcSummary): Statistic {
  return twoErrors(mean, t_hac);
}

/** Two Newey-West standard errors of the mean of daily values with this lag; null where undefined. */
export function twoErrorsOfMean(series: Float64Array, lag: number): Statistic {
  const values = defined(series);
  return values.length < 2 ? null : twoErrors(mean(values), neweyWestT(values, lag));
}

/** Two standard errors of an estimate whose t statistic is known; null where that says nothing. */
export function twoErrors(estimate: Statistic, t: Statistic): Statistic {
  if (estimate === null || t === null || !Number.isFinite(t) || t === 0) return null;
  return Math.abs((2 * estimate) / t);
}
