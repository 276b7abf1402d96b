import { InvalidInput } from "../../shared/errors.ts";
import { evaluateFactor, type Evaluated } from "../../shared/evaluation/evaluate.ts";
import { applyFilters } from "../../shared/evaluation/filters.ts";
import { ForwardReturns } from "../../shared/evaluation/forward-returns.ts";
import { marketBetas } from "../../shared/evaluation/market-beta.ts";
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

/** Measures factors one after the other; the prices' forward returns are shared. */
export class Evaluator {
  readonly #prepared: Prepared;
  readonly #args: EvaluateArgs;
  readonly forward: ForwardReturns;
  #other: ForwardReturns | undefined;

  constructor(prepared: Prepared, args: EvaluateArgs) {
    this.#prepared = prepared;
    this.#args = args;
    this.forward = this.#returns(args.delay);
    if (args.neutralize.includes("group") && prepared.groups === undefined) {
      throw new InvalidInput("--neutralize group: expected --groups FILE beside it.");
    }
    if (args.neutralize.includes("size") && prepared.marketCaps === undefined) {
      throw new InvalidInput(
        "--neutralize size: nobody knows the market values; give PRICES a column market_cap, or leave size out.",
      );
    }
  }

  #returns(delay: number): ForwardReturns {
    const { horizons, delistingReturn } = this.#args;
    const { prices, endings, factors } = this.#prepared;
    const keepOrders = factors.length > 1;
    return new ForwardReturns(prices, { horizons, delay, endings, delistingReturn, keepOrders });
  }

  /** Loads, filters and measures a factor. */
  async measure(factor: PreparedFactor): Promise<Measured> {
    const { prices, groups, filters, tickersOf } = this.#prepared;
    const { quantiles, costBps } = this.#args;
    const table = await factor.load();
    const filtered = applyFilters(table, filters, tickersOf);
    const input = { factor: table, prices, ...(groups && { groups }) };
    const evaluated = evaluateFactor(input, this.forward, {
      factor: factor.name,
      quantiles,
      costBps,
      direction: factor.words?.sign,
      neutralized: this.#neutralized(table),
    });
    return {
      factor,
      evaluated,
      valuesIn: countValues(table),
      icByDelay: this.#icByDelay(evaluated, input, factor.name),
      notes: Object.entries(filtered)
        .filter(([, values]) => values > 0)
        .map(([filter, values]) => ({
          path: "rows",
          reason: `${values} values left out by ${filter}`,
        })),
    };
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

  /** The other of delay 0 and 1 is measured only where a page will show it. */
  #icByDelay(
    { result }: Evaluated,
    input: Parameters<typeof evaluateFactor>[0],
    factor: string,
  ): Measured["icByDelay"] {
    const own = { delay: result.delay, ic: result.ic };
    if (this.#args.html === undefined) return [own];
    const delay = this.#args.delay === 0 ? 1 : 0;
    this.#other ??= this.#returns(delay);
    const { quantiles, costBps } = this.#args;
    const { factor: table, prices } = input;
    const other = evaluateFactor({ factor: table, prices }, this.#other, {
      factor,
      quantiles,
      costBps,
    });
    return [own, { delay, ic: other.result.ic }].sort((a, b) => a.delay - b.delay);
  }
}
