import { Failed } from "../errors.ts";
import { ForwardReturns } from "../evaluation/forward-returns.ts";
import { defined } from "../evaluation/moments.ts";
import type { DayTable, Endings } from "../evaluation/tables.ts";
import {
  correlationShrinkage,
  neweyWestCovariance,
  neweyWestLag,
  shrunk,
  type Covariance,
} from "./covariance.ts";
import { factorReturns, type FactorReturns } from "./factor-returns.ts";

/** Sessions of a year, by which daily variances become yearly ones. */
const yearSessions = 252;

/** Returns of factors below which no covariance is estimated. */
const fewestReturns = 40;

/** A linear factor model: returns of factors, how they move together, and what each name does of its own. */
export interface RiskModel {
  readonly returns: FactorReturns;
  /** Of the factors' returns, fractions squared a year. */
  readonly covariance: Covariance;
  /** The longest autocovariance that counts, sessions. */
  readonly lag: number;
  /** How far correlations were drawn to zero, 0 to 1. */
  readonly shrinkage: number;
  /** Deviation of each name's own return, fractions a year; NaN with residuals on less than half of the sessions. */
  readonly specificRisk: Float64Array;
  /** Sessions with a residual, by name. */
  readonly residuals: Int32Array;
}

export interface RiskInput {
  readonly names: readonly string[];
  /** One table a factor, columns as the prices. */
  readonly exposures: readonly DayTable[];
  /** Prices whose ratios are total returns. */
  readonly prices: DayTable;
  readonly endings?: Endings | undefined;
  /** The longest autocovariance that counts; by Newey and West's rule where undefined. */
  readonly lag?: number | undefined;
}

/**
 * Estimates a risk model from all sessions that the tables have.
 *
 * @throws Failed when too few sessions could be used
 */
export function riskModel({
  names,
  exposures,
  prices,
  endings,
  lag: wished,
}: RiskInput): RiskModel {
  const forward = new ForwardReturns(prices, { horizons: [1], delay: 0, endings });
  const returns = factorReturns(names, exposures, forward);
  const count = returns.days.length;
  if (count < fewestReturns) {
    const { few, dependent } = returns.skipped;
    throw new Failed(
      `Factor returns exist on ${count} sessions, and a covariance wants ${fewestReturns}: on ${few} there were fewer names than twice the factors, on ${dependent} some factors said the same; name fewer factors (--factors), or more sessions (--sessions).`,
    );
  }
  const lag = wished ?? neweyWestLag(count);
  const width = returns.factors.length;
  const shrinkage = correlationShrinkage(returns.values, width);
  const daily = shrunk(neweyWestCovariance(returns.values, width, lag), shrinkage);
  return {
    returns,
    covariance: { size: width, values: daily.values.map((value) => value * yearSessions) },
    lag,
    shrinkage,
    ...specific(returns, lag),
  };
}

function specific(
  { days, assets, residuals }: FactorReturns,
  lag: number,
): Pick<RiskModel, "specificRisk" | "residuals"> {
  const width = assets.length;
  const counts = new Int32Array(width);
  const specificRisk = new Float64Array(width).fill(NaN);
  for (let column = 0; column < width; column++) {
    const own = defined(Float64Array.from(days, (_, row) => residuals[row * width + column]!));
    counts[column] = own.length;
    if (own.length < days.length / 2) continue;
    const { values } = neweyWestCovariance(own, 1, lag);
    specificRisk[column] = Math.sqrt(values[0]! * yearSessions);
  }
  return { specificRisk, residuals: counts };
}
