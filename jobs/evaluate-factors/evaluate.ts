import { availableParallelism } from "node:os";
import type { Evaluated } from "../../shared/evaluation/evaluate.ts";
import { ForwardReturns } from "../../shared/evaluation/forward-returns.ts";
import {
  measureHere,
  measureInThreads,
  type MeasurePool,
} from "../../shared/evaluation/measure-pool.ts";
import type { Measurement } from "../../shared/evaluation/measure.ts";
import type { Note } from "../../shared/evaluation/result.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import { countValues } from "../../shared/evaluation/tear-sheet/count-values.ts";
import type { TearSheet } from "../../shared/evaluation/tear-sheet/tear-sheet.ts";
import type { EvaluateArgs } from "./args.ts";
import { MeasureTasks } from "./measure-tasks.ts";
import type { Prepared, PreparedFactor } from "./prepared.ts";

/** One factor, measured and not yet judged. */
export interface MeasuredFactor {
  readonly factor: Pick<PreparedFactor, "name" | "version" | "words">;
  readonly evaluated: Evaluated;
  /** What was filtered out, in words. */
  readonly notes: readonly Note[];
}

/** The same with what its page shows. */
export interface Measured extends MeasuredFactor {
  readonly factor: PreparedFactor;
  /** At delay 0 and 1. */
  readonly icByDelay: TearSheet["icByDelay"];
  /** Names with a value on each day of the factor, kept or not. */
  readonly valuesIn: Int32Array;
}

/** Below so many cells in all, threads cost more than they give. */
const fewCells = 4_000_000;

/** Loads, filters and measures factors on the same prices, several at once where they are large. */
export class Evaluator {
  readonly #tasks: MeasureTasks;
  readonly #pool: MeasurePool;

  constructor(prepared: Prepared, args: EvaluateArgs) {
    const { prices, factors } = prepared;
    const cells = factors.length * prices.values.length;
    const threads = cells < fewCells ? 1 : Math.min(availableParallelism(), factors.length);
    this.#tasks = new MeasureTasks(prepared, args, factors.length > threads);
    const { setup } = this.#tasks;
    this.#pool = threads === 1 ? measureHere(setup) : measureInThreads(threads, setup);
  }

  get prices(): DayTable {
    return this.#tasks.setup.prices;
  }

  forwardReturns(): ForwardReturns {
    const { prices, returns } = this.#tasks.setup;
    return new ForwardReturns(prices, { ...returns, keepOrders: false });
  }

  /** Loads and filters a factor, and begins to measure it once there is room. */
  async begin(factor: PreparedFactor): Promise<{ readonly done: Promise<Measured> }> {
    const { task, notes } = await this.#tasks.load(factor);
    const valuesIn = countValues(task.table);
    const { done } = await this.#pool.begin(task);
    return {
      done: done.then((measurement) => ({
        factor,
        evaluated: measurement.evaluated,
        valuesIn,
        icByDelay: icByDelay(measurement),
        notes,
      })),
    };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function icByDelay({ evaluated: { result }, otherIc }: Measurement): Measured["icByDelay"] {
  const own = { delay: result.delay, ic: result.ic };
  if (otherIc === undefined) return [own];
  const other = { delay: result.delay === 0 ? 1 : 0, ic: otherIc };
  return [own, other].sort((a, b) => a.delay - b.delay);
}
