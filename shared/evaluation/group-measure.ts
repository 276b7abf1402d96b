import { ArgSort } from "./argsort.ts";
import type { CrossSection } from "./cross-section.ts";
import type { ReturnOrder } from "./forward-returns.ts";
import type { HorizonDays } from "./horizon-days.ts";
import { averageRanks, rankCorrelation } from "./ranks.ts";

/** Information coefficients within groups, and of returns minus their group's mean. */
export class GroupMeasure {
  #groupOf: Int32Array = new Int32Array();
  readonly #groups: number;
  readonly #sort: ArgSort;
  readonly #demeaned: Float64Array;
  readonly #factorRanks: Float64Array;
  readonly #returnRanks: Float64Array;
  readonly #byFactor: GroupedOrder;
  readonly #byReturn: GroupedOrder;

  /**
   * @param width columns
   * @param groups how many groups there are
   */
  constructor(width: number, groups: number) {
    this.#groups = groups;
    this.#sort = new ArgSort(width);
    this.#demeaned = new Float64Array(width);
    this.#factorRanks = new Float64Array(width);
    this.#returnRanks = new Float64Array(width);
    this.#byFactor = new GroupedOrder(width, groups);
    this.#byReturn = new GroupedOrder(width, groups);
  }

  /** @param groupOf group by column on the day that is measured next, -1 for none */
  startDay(groupOf: Int32Array): void {
    this.#groupOf = groupOf;
  }

  /**
   * @param section the day's rows, ranked
   * @param returnOf return by column
   * @param byReturn columns in ascending order of return, at least the section's
   * @param into receives the day
   * @param day which kept day it is
   */
  measure(
    section: CrossSection,
    returnOf: Float64Array,
    byReturn: ReturnOrder,
    into: HorizonDays,
    day: number,
  ): void {
    const { count, assets, byFactor, rankOf } = section;
    this.#demean(section, returnOf);
    const sorted = this.#sort.sort(this.#demeaned, count);
    const squares = averageRanks(this.#demeaned, sorted, this.#returnRanks);
    let products = 0;
    for (let at = 0; at < count; at++) products += rankOf[assets[at]!]! * this.#returnRanks[at]!;
    into.icGroupAdjusted[day] = rankCorrelation(products, count, section.rankSquares, squares);

    this.#byFactor.split(byFactor, count, rankOf, this.#groupOf);
    this.#byReturn.split(byReturn.columns, byReturn.columns.length, rankOf, this.#groupOf);
    for (let code = 0; code < this.#groups; code++) {
      const columns = this.#byReturn.of(code);
      const a = averageRanks(rankOf, this.#byFactor.of(code), this.#factorRanks);
      const b = averageRanks(returnOf, columns, this.#returnRanks);
      let within = 0;
      for (let at = 0; at < columns.length; at++) {
        within += this.#factorRanks[columns[at]!]! * this.#returnRanks[columns[at]!]!;
      }
      into.icByGroup[code]![day] = rankCorrelation(within, columns.length, a, b);
    }
  }

  /** Returns of the rows minus their group's mean; a row without a group keeps its return as it is. */
  #demean({ count, assets }: CrossSection, returnOf: Float64Array): void {
    const sums = new Float64Array(this.#groups);
    const names = new Int32Array(this.#groups);
    for (let at = 0; at < count; at++) {
      const code = this.#groupOf[assets[at]!]!;
      if (code < 0) continue;
      sums[code]! += returnOf[assets[at]!]!;
      names[code]!++;
    }
    for (let at = 0; at < count; at++) {
      const column = assets[at]!;
      const code = this.#groupOf[column]!;
      this.#demeaned[at] =
        code < 0 ? returnOf[column]! : returnOf[column]! - sums[code]! / names[code]!;
    }
  }
}

/** An order of columns split into the orders within each group; columns without a group fall out. */
class GroupedOrder {
  readonly #starts: Int32Array;
  readonly #columns: Int32Array;

  constructor(width: number, groups: number) {
    this.#starts = new Int32Array(groups + 1);
    this.#columns = new Int32Array(width);
  }

  /**
   * @param order columns, of which the first `count` are looked at
   * @param rankOf 0 for columns that do not count
   * @param groupOf group by column, -1 for none
   */
  split(
    order: Int32Array | Uint16Array | Uint32Array,
    count: number,
    rankOf: Float32Array,
    groupOf: Int32Array,
  ): void {
    const starts = this.#starts.fill(0);
    for (let at = 0; at < count; at++) {
      const column = order[at]!;
      if (rankOf[column]! > 0 && groupOf[column]! >= 0) starts[groupOf[column]! + 1]!++;
    }
    for (let code = 1; code < starts.length; code++) starts[code]! += starts[code - 1]!;
    const next = starts.slice();
    for (let at = 0; at < count; at++) {
      const column = order[at]!;
      if (rankOf[column]! > 0 && groupOf[column]! >= 0)
        this.#columns[next[groupOf[column]!]!++] = column;
    }
  }

  /** The columns of a group in the order last split. */
  of(code: number): Int32Array {
    return this.#columns.subarray(this.#starts[code], this.#starts[code + 1]);
  }
}
