import { ArgSort } from "./argsort.ts";
import type { DayTable, Endings } from "./tables.ts";

/** The columns of a row that have returns at all horizons, in ascending order of the return at one. */
export interface ReturnOrder {
  readonly columns: Uint16Array | Uint32Array;
  /** True when two neighbours have the same return. */
  readonly tied: boolean;
}

/** What a forward return is, for every row of a price table. */
export interface ForwardReturnOptions {
  /** Horizons in rows of the price table, ascending. */
  readonly horizons: readonly number[];
  /** Rows between the factor's day and the trade. */
  readonly delay: number;
  readonly endings?: Endings | undefined;
  /** Used where a security's delisting return is not known; a fraction. */
  readonly delistingReturn?: number | undefined;
  /** Keep each row's sort order, so that a further factor on the same prices need not sort again. */
  readonly keepOrders?: boolean;
}

/**
 * Forward returns of one row of prices at a time: `P[row + delay + h] / P[row + delay] - 1` by asset and horizon, and
 * their order.
 *
 * No price is filled. A name counts on a row only when its returns at all horizons exist. A security that ended earns its
 * return to the last price, and its delisting return from there.
 */
export class ForwardReturns {
  readonly horizons: readonly number[];
  readonly prices: DayTable;
  /** By horizon, then asset; NaN where missing. Valid for the row last loaded. */
  readonly returns: readonly Float64Array[];
  /** 1 for assets that have returns at all horizons on the row last loaded. */
  readonly complete: Uint8Array;
  /** 1 for assets whose return on the row last loaded runs into the end of the security. */
  readonly ended: Uint8Array;
  readonly options: ForwardReturnOptions;
  /** Columns of securities that ended. */
  readonly #endedAssets: readonly number[];
  readonly #sort: ArgSort;
  readonly #packed: Float64Array;
  readonly #members: Int32Array;
  readonly #columns: readonly (Uint16Array | Uint32Array)[];
  readonly #kept = new Map<number, readonly ReturnOrder[]>();

  constructor(prices: DayTable, options: ForwardReturnOptions) {
    const width = prices.assets.length;
    const OrderArray = width <= 65_536 ? Uint16Array : Uint32Array;
    this.prices = prices;
    this.horizons = options.horizons;
    this.options = options;
    this.returns = options.horizons.map(() => new Float64Array(width));
    this.complete = new Uint8Array(width);
    this.ended = new Uint8Array(width);
    const lastRows = options.endings?.lastRow ?? [];
    this.#endedAssets = Array.from(lastRows, (_, asset) => asset).filter(
      (at) => lastRows[at]! >= 0,
    );
    this.#sort = new ArgSort(width);
    this.#packed = new Float64Array(width);
    this.#members = new Int32Array(width);
    this.#columns = options.horizons.map(() => new OrderArray(width));
  }

  /** Computes the returns of a row of the price table. */
  load(row: number): void {
    const { prices, returns, complete } = this;
    const width = prices.assets.length;
    const entry = row + this.options.delay;
    complete.fill(1);
    this.ended.fill(0);
    for (let h = 0; h < returns.length; h++) {
      const exit = entry + this.horizons[h]!;
      const into = returns[h]!;
      if (exit < prices.days.length) {
        const from = prices.values.subarray(entry * width, (entry + 1) * width);
        const to = prices.values.subarray(exit * width, (exit + 1) * width);
        for (let asset = 0; asset < width; asset++) into[asset] = to[asset]! / from[asset]! - 1;
      } else {
        into.fill(NaN);
      }
      if (this.options.endings) this.#closeEnded(this.options.endings, entry, exit, into);
      // NaN is no return, and neither is the infinity that follows a price of zero.
      for (let asset = 0; asset < width; asset++) {
        if (!Number.isFinite(into[asset]!)) complete[asset] = 0;
      }
    }
  }

  /** Gives securities that ended between entry and exit what their holders received. */
  #closeEnded(endings: Endings, entry: number, exit: number, into: Float64Array): void {
    const { values, assets, days } = this.prices;
    const width = assets.length;
    for (const asset of this.#endedAssets) {
      const last = endings.lastRow[asset]!;
      if (last >= Math.min(exit, days.length)) continue;
      const known = endings.delistingReturn[asset]!;
      const after = Number.isNaN(known) ? (this.options.delistingReturn ?? 0) : known;
      const paid = values[last * width + asset]! * (1 + after);
      into[asset] = last < entry ? NaN : paid / values[entry * width + asset]! - 1;
      if (last >= entry && Number.isNaN(known)) this.ended[asset] = 1;
    }
  }

  /**
   * The complete assets of the row last loaded in ascending order of return, by horizon. Scratch memory, or kept.
   *
   * @param row the row last loaded
   */
  orders(row: number): readonly ReturnOrder[] {
    const kept = this.#kept.get(row);
    if (kept) return kept;
    const members = this.#members;
    let count = 0;
    for (let asset = 0; asset < this.complete.length; asset++) {
      if (this.complete[asset] === 1) members[count++] = asset;
    }
    const orders = this.#columns.map((into, h) => {
      const values = this.returns[h]!;
      for (let at = 0; at < count; at++) this.#packed[at] = values[members[at]!]!;
      const order = this.#sort.sort(this.#packed, count);
      let tied = false;
      let before = NaN;
      for (let at = 0; at < count; at++) {
        const value = this.#packed[order[at]!]!;
        tied ||= value === before;
        before = value;
        into[at] = members[order[at]!]!;
      }
      return { columns: into.subarray(0, count), tied };
    });
    if (this.options.keepOrders !== true) return orders;
    const copies = orders.map(({ columns, tied }) => ({ columns: columns.slice(), tied }));
    this.#kept.set(row, copies);
    return copies;
  }
}
