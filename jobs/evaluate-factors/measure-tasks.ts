import { InvalidInput } from "../../shared/errors.ts";
import { applyFilters } from "../../shared/evaluation/filters.ts";
import { marketBetas } from "../../shared/evaluation/market-beta.ts";
import type { MeasureSetup, MeasureTask } from "../../shared/evaluation/measure.ts";
import { neutralize } from "../../shared/evaluation/neutralize.ts";
import type { Note } from "../../shared/evaluation/result.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import type { EvaluateArgs } from "./args.ts";
import type { Prepared, PreparedFactor } from "./prepared.ts";

/** Makes of what was prepared what is to be measured, here or elsewhere. */
export class MeasureTasks {
  readonly setup: MeasureSetup;
  readonly #prepared: Prepared;
  readonly #neutralize: EvaluateArgs["neutralize"];

  /**
   * @param keepOrders true where one process measures several factors
   * @throws InvalidInput when what a factor is to be neutral to is not known
   */
  constructor(prepared: Prepared, args: EvaluateArgs, keepOrders: boolean) {
    const { prices, endings, groups, marketCaps } = prepared;
    if (args.neutralize.includes("group") && groups === undefined) {
      throw new InvalidInput("--neutralize group: expected --groups FILE beside it.");
    }
    if (args.neutralize.includes("size") && marketCaps === undefined) {
      throw new InvalidInput(
        "--neutralize size: nobody knows the market values; give PRICES a column market_cap, or leave size out.",
      );
    }
    this.#prepared = prepared;
    this.#neutralize = args.neutralize;
    const { horizons, delay, delistingReturn, quantiles, costBps } = args;
    this.setup = {
      prices,
      groups,
      returns: { horizons, delay, endings, delistingReturn, keepOrders },
      // The other of delay 0 and 1 is measured only where a page will show it.
      otherDelay: args.html === undefined ? undefined : delay === 0 ? 1 : 0,
      quantiles,
      costBps,
    };
  }

  /** Loads and filters a factor. @returns what to measure, and what was filtered out, in words */
  async load(
    factor: PreparedFactor,
  ): Promise<{ readonly task: MeasureTask; readonly notes: readonly Note[] }> {
    const { filters, tickersOf } = this.#prepared;
    const table = await factor.load();
    const filtered = applyFilters(table, filters, tickersOf);
    const notes = Object.entries(filtered)
      .filter(([, values]) => values > 0)
      .map(([filter, values]) => ({
        path: "rows",
        reason: `${values} values left out by ${filter}`,
      }));
    const task = {
      table,
      factor: factor.name,
      direction: factor.words?.sign,
      neutralized: this.#neutralized(table),
    };
    return { task, notes };
  }

  #neutralized(table: DayTable): MeasureTask["neutralized"] {
    const by = this.#neutralize;
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
}
