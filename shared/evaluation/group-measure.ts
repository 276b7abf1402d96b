import { ArgSort } from "./argsort.ts";
import type { CrossSection } from "./cross-section.ts";
import type { ReturnOrder } from "./forward-returns.ts";
import type { HorizonDays } from "./horizon-days.ts";
import { averageRanks, rankCorrelation } from "./ranks.ts";

/** Information coefficients within groups, and of returns minus their group's mean. */
export class GroupMeasure {
  readonly #groupOf: Int32Array;
  readonly #groups: number;
  readonly #sort: ArgSort;
  readonly #demeaned: Float64Array;
  readonly #factorRanks: Float64Array;
  readonly #returnRanks: Float64Array;

  /**
   * @param groupOf group by column, -1 for none
   * @param groups how many groups there are
   */
  constructor(groupOf: Int32Array, groups: number) {
    const width = groupOf.length;
    this.#groupOf = groupOf;
    this.#groups = groups;
    this.#sort = new ArgSort(width);
    this.#demeaned = new Float64Array(width);
    this.#factorRanks = new Float64Array(width);
    this.#returnRanks = new Float64Array(width);
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

    const factorOrders = this.#split(byFactor.subarray(0, count));
    const kept = Int32Array.from(byReturn.columns).filter((column) => rankOf[column]! > 0);
    for (const [code, columns] of this.#split(kept).entries()) {
      const a = averageRanks(rankOf, factorOrders[code]!, this.#factorRanks);
      const b = averageRanks(returnOf, columns, this.#returnRanks);
      let within = 0;
      for (const column of columns)
        within += this.#factorRanks[column]! * this.#returnRanks[column]!;
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

  /** Splits an order of columns into the orders within each group; columns without a group fall out. */
  #split(order: Int32Array): Int32Array[] {
    const lists = Array.from({ length: this.#groups }, (): number[] => []);
    for (const column of order) lists[this.#groupOf[column]!]?.push(column);
    return lists.map((list) => Int32Array.from(list));
  }
}
