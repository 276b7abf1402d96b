import type { ForwardReturns } from "../evaluation/forward-returns.ts";
import { leastSquares } from "../evaluation/least-squares.ts";
import { mean } from "../evaluation/moments.ts";
import { rowsByDay, type DayTable } from "../evaluation/tables.ts";
import type { TradingDay } from "../market/trading-day.ts";

/** What the intercept is called: all names have an exposure of 1 to it. */
const marketFactor = "market";

/** Returns of factors, and what they leave of the names' returns. Tables are row-major by day. */
export interface FactorReturns {
  /** The session that earned the return, at whose close it is known. */
  readonly days: readonly TradingDay[];
  /** The market first. */
  readonly factors: readonly string[];
  /** By day and factor, fractions a day. */
  readonly values: Float64Array;
  /** Names in each day's regression. */
  readonly names: Int32Array;
  /** Share of the names' variation that the factors explain, by day. */
  readonly rSquared: Float64Array;
  readonly assets: readonly string[];
  /** By day and name, fractions a day; NaN for names that were in no regression. */
  readonly residuals: Float64Array;
  /** Sessions left out: with fewer names than twice the factors, and with exposures that depend on each other. */
  readonly skipped: { readonly few: number; readonly dependent: number };
}

/**
 * One regression a session: returns from close to close on the exposures at the close before, by ordinary least squares with an
 * intercept (Fama and MacBeth 1973). A name counts when it has all exposures and a return.
 *
 * @param exposures tables of one shape, columns as the prices
 * @param returns over one session, without delay
 */
export function factorReturns(
  names: readonly string[],
  exposures: readonly DayTable[],
  returns: ForwardReturns,
): FactorReturns {
  const { days, assets } = exposures[0]!;
  const width = assets.length;
  const rowOf = rowsByDay(days, returns.prices.days);
  const earned = returns.prices.days;
  const kept: { day: TradingDay; slopes: Float64Array; residual: Float64Array; fit: Fit }[] = [];
  const skipped = { few: 0, dependent: 0 };
  for (let day = 0; day < days.length; day++) {
    const row = rowOf[day]!;
    if (row < 0 || row + 1 >= earned.length) continue;
    returns.load(row);
    const columns: number[] = [];
    for (let column = 0; column < width; column++) {
      if (returns.complete[column] === 0) continue;
      if (exposures.every(({ values }) => !Number.isNaN(values[day * width + column]!)))
        columns.push(column);
    }
    if (columns.length < 2 * (names.length + 1)) {
      skipped.few++;
      continue;
    }
    const y = Float64Array.from(columns, (column) => returns.returns[0]![column]!);
    const x = [
      new Float64Array(columns.length).fill(1),
      ...exposures.map(({ values }) =>
        Float64Array.from(columns, (column) => values[day * width + column]!),
      ),
    ];
    const slopes = leastSquares(x, y);
    if (slopes === undefined) {
      skipped.dependent++;
      continue;
    }
    const residual = new Float64Array(width).fill(NaN);
    for (const [at, column] of columns.entries()) {
      residual[column] = y[at]! - x.reduce((sum, one, k) => sum + slopes[k]! * one[at]!, 0);
    }
    const left = columns.reduce((sum, column) => sum + residual[column]! ** 2, 0);
    kept.push({ day: earned[row + 1]!, slopes, residual, fit: fitOf(y, left) });
  }
  const factors = [marketFactor, ...names];
  const values = new Float64Array(kept.length * factors.length);
  const residuals = new Float64Array(kept.length * width);
  for (const [at, { slopes, residual }] of kept.entries()) {
    values.set(slopes, at * factors.length);
    residuals.set(residual, at * width);
  }
  return {
    days: kept.map(({ day }) => day),
    factors,
    values,
    names: Int32Array.from(kept, ({ fit }) => fit.names),
    rSquared: Float64Array.from(kept, ({ fit }) => fit.rSquared),
    assets,
    residuals,
    skipped,
  };
}

interface Fit {
  readonly names: number;
  readonly rSquared: number;
}

function fitOf(y: Float64Array, left: number): Fit {
  const center = mean(y);
  const all = y.reduce((sum, one) => sum + (one - center) ** 2, 0);
  return { names: y.length, rSquared: all > 0 ? 1 - left / all : NaN };
}
