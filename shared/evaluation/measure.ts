import { evaluateFactor, type Evaluated, type EvaluationOptions } from "./evaluate.ts";
import { ForwardReturns, type ForwardReturnOptions } from "./forward-returns.ts";
import type { EvaluationResult } from "./result.ts";
import type { DayTable, EvaluationInput } from "./tables.ts";

/** What all factors of an evaluation have in common. */
export interface MeasureSetup {
  readonly prices: DayTable;
  readonly groups: EvaluationInput["groups"];
  readonly returns: ForwardReturnOptions;
  /** Another delay at which the coefficient alone is wanted. */
  readonly otherDelay: number | undefined;
  readonly quantiles: number;
  readonly costBps: number;
}

/** A factor to measure; its columns are those of the prices. */
export interface MeasureTask extends Pick<
  EvaluationOptions,
  "factor" | "direction" | "neutralized"
> {
  readonly table: DayTable;
}

export interface Measurement {
  readonly evaluated: Evaluated;
  /** At the other delay. */
  readonly otherIc: EvaluationResult["ic"] | undefined;
}

/** Measures factors one after the other; what the prices alone decide is computed once. */
export class Measurer {
  readonly #setup: MeasureSetup;
  readonly #forward: ForwardReturns;
  readonly #other: ForwardReturns | undefined;

  constructor(setup: MeasureSetup) {
    const { prices, returns, otherDelay } = setup;
    this.#setup = setup;
    this.#forward = new ForwardReturns(prices, returns);
    this.#other =
      otherDelay === undefined
        ? undefined
        : new ForwardReturns(prices, { ...returns, delay: otherDelay });
  }

  measure({ table, ...task }: MeasureTask): Measurement {
    const { prices, groups, quantiles, costBps } = this.#setup;
    const options = { ...task, quantiles, costBps };
    const evaluated = evaluateFactor(
      { factor: table, prices, ...(groups && { groups }) },
      this.#forward,
      options,
    );
    const other =
      this.#other &&
      evaluateFactor({ factor: table, prices }, this.#other, {
        factor: task.factor,
        quantiles,
        costBps,
      });
    return { evaluated, otherIc: other?.result.ic };
  }
}
