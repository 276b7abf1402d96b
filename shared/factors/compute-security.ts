import { CompanyAtSessions, companyInputsOf, type Company } from "./company.ts";
import type { FactorDefinition, FactorInputs } from "./define.ts";
import { inputsOf, returnsOf, type Axis } from "./series.ts";
import type { TextSignals } from "../text/text-inputs.ts";
import { textAtSessions, textInputsOf } from "./text-at-sessions.ts";
import type { Vintage } from "./vintages.ts";

/** Positions of the axis that are computed. */
export interface OutputWindow {
  readonly from: number;
  /** One beyond the last. */
  readonly to: number;
}

/** The sessions of a window that each vintage stands for. */
function* perVintage(
  vintages: readonly Vintage[],
  window: OutputWindow,
): Generator<{ vintage: Vintage; from: number; to: number }> {
  for (const [at, vintage] of vintages.entries()) {
    const from = Math.max(window.from, vintage.from);
    const to = Math.min(window.to, vintages[at + 1]?.from ?? window.to);
    if (from < to) yield { vintage, from, to };
  }
}

/**
 * Computes factors of one security.
 *
 * A factor sees nothing but its look-back; a session without a bar has no value, whatever its window would give.
 *
 * @param vintages the security's past as it was known, by `vintagesOf`
 * @param axis begins at least the longest look-back before `window.from`, one session for the first return included, or
 * with the calendar
 * @param market mean return of all securities by session, by `marketReturns`
 * @param company whose security it is, where a source says so
 * @param signals what texts say about the security
 * @returns one array a factor over `window.from .. window.to`, NaN where there is no value
 */
export function computeSecurity(
  factors: readonly FactorDefinition[],
  vintages: readonly Vintage[],
  axis: Axis,
  market: Float64Array,
  window: OutputWindow,
  company?: Company,
  signals?: TextSignals,
): Float64Array[] {
  const wanted = companyInputsOf(factors);
  const atSessions = wanted.length === 0 ? undefined : new CompanyAtSessions(company, axis);
  const statements = factors.map(({ inputs }) => atSessions?.statements(inputs) ?? {});
  const text = textAtSessions(signals, textInputsOf(factors), axis);
  const results = factors.map(() => new Float64Array(window.to - window.from).fill(NaN));
  for (const { vintage, from, to } of perVintage(vintages, window)) {
    const { bars, actions } = vintage;
    const prices = inputsOf(bars, actions, axis, market);
    const market_cap = wanted.includes("market_cap")
      ? atSessions!.marketCap(bars, actions)
      : undefined;
    for (const [at, factor] of factors.entries()) {
      const start = Math.max(0, from - factor.lookback);
      const read = { ...prices, ...text, ...statements[at], ...(market_cap && { market_cap }) };
      const seen = slice(read, start, to);
      const out = new Float64Array(to - start).fill(NaN);
      factor.compute(seen, { from: from - start, to: to - start, epoch: axis.epoch + start }, out);
      const result = results[at]!;
      for (let session = from; session < to; session++) {
        if (Number.isNaN(prices.price[session]!)) continue;
        const value = out[session - start]!;
        if (Number.isFinite(value)) result[session - window.from] = value;
      }
    }
  }
  return results;
}

function slice(inputs: FactorInputs, from: number, to: number): FactorInputs {
  const part: Partial<Record<keyof FactorInputs, Float64Array>> = {};
  for (const [name, values] of Object.entries(inputs) as [keyof FactorInputs, Float64Array][]) {
    part[name] = values.subarray(from, to);
  }
  return part as FactorInputs;
}

/** Sums of daily returns over securities, by session of the axis; add securities in the order of their ids. */
export class MarketReturns {
  readonly #axis: Axis;
  readonly #sums: Float64Array;
  readonly #names: Float64Array;

  constructor(axis: Axis) {
    this.#axis = axis;
    this.#sums = new Float64Array(axis.days.length);
    this.#names = new Float64Array(axis.days.length);
  }

  /** Adds one security's returns, each as it was known at its close. */
  add(vintages: readonly Vintage[]): void {
    const window = { from: 0, to: this.#axis.days.length };
    for (const { vintage, from, to } of perVintage(vintages, window)) {
      const returns = returnsOf(vintage.bars, vintage.actions, this.#axis);
      for (let at = from; at < to; at++) {
        const value = returns[at]!;
        if (!Number.isFinite(value)) continue;
        this.#sums[at]! += value;
        this.#names[at]!++;
      }
    }
  }

  /** Mean return by session; NaN where no security has one. */
  means(): Float64Array {
    return this.#sums.map((sum, at) => sum / this.#names[at]!);
  }
}
