import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";

/** What a deflated Sharpe ratio is made of; Sharpe ratios are per day, not annualised. */
export interface DeflatedSharpeInput {
  readonly sharpe: number;
  /** Daily returns behind it. */
  readonly observations: number;
  /** Skewness of these returns. */
  readonly skewness: number;
  /** Kurtosis of these returns, 3 for a normal distribution. */
  readonly kurtosis: number;
  /** Independent strategies that were tried. */
  readonly trials: number;
  /** Variance of the Sharpe ratios of these trials. */
  readonly variance: number;
}

const eulerMascheroni = 0.577_215_664_901_532_9;

/** The Sharpe ratio that the best of so many worthless strategies is expected to show, per day. */
export function expectedMaximumSharpe(trials: number, variance: number): number {
  const highest = normalQuantile(1 - 1 / trials, 0, 1);
  const beyond = normalQuantile(1 - 1 / (trials * Math.E), 0, 1);
  return Math.sqrt(variance) * ((1 - eulerMascheroni) * highest + eulerMascheroni * beyond);
}

/**
 * Probability that the true Sharpe ratio is positive once the number of trials, the length of the record, and its skewness
 * and fat tails are counted: Bailey and Lopez de Prado (2014), "The Deflated Sharpe Ratio", equations 1 and 2.
 *
 * @returns NaN for fewer than 2 trials or observations
 */
export function deflatedSharpe(input: DeflatedSharpeInput): number {
  const { sharpe, observations, skewness, kurtosis, trials, variance } = input;
  if (trials < 2 || observations < 2) return NaN;
  const above = sharpe - expectedMaximumSharpe(trials, variance);
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  return normalCdf((above * Math.sqrt(observations - 1)) / Math.sqrt(spread), 0, 1);
}
