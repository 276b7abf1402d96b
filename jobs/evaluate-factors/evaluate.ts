import { availableParallelism } from "node:os";
import { InvalidInput } from "../../shared/errors.ts";
import type { Evaluated } from "../../shared/evaluation/evaluate.ts";
import { applyFilters } from "../../shared/evaluation/filters.ts";
import {
  ForwardReturns,
  type ForwardReturnOptions,
} from "../../shared/evaluation/forward-returns.ts";
import { marketBetas } from "../../shared/evaluation/market-beta.ts";
import {
  measureHere,
  measureInThreads,
  type MeasurePool,
} from "../../shared/evaluation/measure-pool.ts";
import type { Measurement, MeasureSetup } from "../../shared/evaluation/measure.ts";
import { neutralize } from "../../shared/evaluation/neutralize.ts";
import type { Note } from "../../shared/evaluation/result.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import { countValues } from "../../shared/evaluation/tear-sheet/count-values.ts";
import type { TearSheet } from "../../shared/evaluation/tear-sheet/tear-sheet.ts";
import type { EvaluateArgs } from "./args.ts";
import type { Prepared, PreparedFactor } from "./prepared.ts";

/** One factor, measured and not yet judged. */
export interface Measured {
  readonly factor: PreparedFactor;
  readonly evaluated: Evaluated;
  /** At delay 0 and 1. */
  readonly icByDelay: TearSheet["icByDelay"];
  /** Names with a value on each day of the factor, kept or not. */
  readonly valuesIn: Int32Array;
  /** What was filtered out, in words. */
  readonly notes: readonly Note[];
}

/** Below so many cells in all, threads cost more than they give. */
const fewCells = 4_000_000;

/** Loads, filters and measures factors on the same prices, several at once where they are large. */
export class Evaluator {
  readonly #prepared: Prepared;
  readonly #args: EvaluateArgs;
  readonly #returns: ForwardReturnOptions;
  readonly #pool: MeasurePool;

  constructor(prepared: Prepared, args: EvaluateArgs) {
    const { prices, factors, endings, groups, marketCaps } = prepared;
    if (args.neutralize.includes("group") && groups === undefined) {
      throw new InvalidInput("--neutralize group: expected --groups FILE beside it.");
    }
    if (args.neutralize.includes("size") && marketCaps === undefined) {
      throw new InvalidInput(
        "--neutralize size: nobody knows the market values; give PRICES a column market_cap, or leave size out.",
      );
    }
    this.#prepared = prepared;
    this.#args = args;
    const cells = factors.length * prices.values.length;
    const threads =
      cells < fewCells ? 1 : Math.min(availableParallelism(), prepared.factors.length);
    const { horizons, delay, delistingReturn } = args;
    const keepOrders = factors.length > threads;
    this.#returns = { horizons, delay, endings, delistingReturn, keepOrders };
    const setup: MeasureSetup = {
      prices,
      groups,
      returns: this.#returns,
      // The other of delay 0 and 1 is measured only where a page will show it.
      otherDelay: args.html === undefined ? undefined : delay === 0 ? 1 : 0,
      quantiles: args.quantiles,
      costBps: args.costBps,
    };
    this.#pool = threads === 1 ? measureHere(setup) : measureInThreads(threads, setup);
  }

  get prices(): DayTable {
    return this.#prepared.prices;
  }

  forwardReturns(): ForwardReturns {
    return new ForwardReturns(this.#prepared.prices, { ...this.#returns, keepOrders: false });
  }

  /** Loads and filters a factor, and begins to measure it once there is room. */
  async begin(factor: PreparedFactor): Promise<{ readonly done: Promise<Measured> }> {
    const { filters, tickersOf } = this.#prepared;
    const table = await factor.load();
    const filtered = applyFilters(table, filters, tickersOf);
    const notes = Object.entries(filtered)
      .filter(([, values]) => values > 0)
      .map(([filter, values]) => ({
        path: "rows",
        reason: `${values} values left out by ${filter}`,
      }));
    const valuesIn = countValues(table);
    const { done } = await this.#pool.begin({
      table,
      factor: factor.name,
      direction: factor.words?.sign,
      neutralized: this.#neutralized(table),
    });
    return {
      done: done.then((measurement) => ({
        factor,
        evaluated: measurement.evaluated,
        valuesIn,
        icByDelay: this.#icByDelay(measurement),
        notes,
      })),
    };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #neutralized(table: DayTable): { by: readonly string[]; factor: DayTable } | undefined {
    const { neutralize: by } = this.#args;
    if (by.length === 0) return undefined;
    const { prices, groups, marketCaps } = this.#prepared;
    const tables = [
      ...(by.includes("beta") ? [marketBetas(prices, table)] : []),
      ...(by.includes("size")
        ? [{ ...marketCaps!, values: marketCaps!.values.map(Math.log) }]
        : []),
    ];
    const groupOf = by.includes("group") ? groups!.of : undefined;
    return { by, factor: neutralize(table, { groupOf, tables }) };
  }

  #icByDelay({ evaluated: { result }, otherIc }: Measurement): Measured["icByDelay"] {
    const own = { delay: result.delay, ic: result.ic };
    if (otherIc === undefined) return [own];
    const other = { delay: result.delay === 0 ? 1 : 0, ic: otherIc };
    return [own, other].sort((a, b) => a.delay - b.delay);
  }
}
