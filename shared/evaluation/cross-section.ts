import { ArgSort } from "./argsort.ts";
import { quantileEdges } from "./quantiles.ts";
import { tieTerm } from "./ranks.ts";

/**
 * The rows of one day that count: names with a factor value and returns at all horizons, ranked, cut into quantiles and
 * weighed. Memory is reused day after day; arrays are valid up to `count` unless they go by column.
 */
export class CrossSection {
  /** How many rows the day has. */
  count = 0;
  /** Values of the day, with or without returns. */
  valuesIn = 0;
  /** Column of each row, ascending. */
  readonly assets: Int32Array;
  readonly factor: Float64Array;
  /** Columns in ascending order of the factor. */
  readonly byFactor: Int32Array;
  /** Where each quantile begins in `byFactor`; the last entry is `count`. */
  readonly quantileStarts: Int32Array;
  /** Average rank of each column's factor value, 0 where the column has no row. Half-integers fit single precision. */
  readonly rankOf: Float32Array;
  /** Sum of squared deviations of the ranks from their mean. */
  rankSquares = NaN;
  /** Quantile of each column, 1-based, 0 where the column has no row. */
  readonly quantileOf: Uint8Array;
  /** `3 * (quantile - 1) + side` of each row; side is 0 below the median, 1 at it, 2 above. */
  readonly bins: Uint8Array;
  /** (f - mean) / sum |f - mean| of each row. */
  readonly weights: Float64Array;
  readonly #quantiles: number;
  readonly #sort: ArgSort;
  readonly #sorted: Float64Array;

  /**
   * @param width columns of the tables
   * @param quantiles equal parts of a day, 1 to 80
   */
  constructor(width: number, quantiles: number) {
    this.assets = new Int32Array(width);
    this.factor = new Float64Array(width);
    this.byFactor = new Int32Array(width);
    this.quantileStarts = new Int32Array(quantiles + 1);
    this.rankOf = new Float32Array(width);
    this.quantileOf = new Uint8Array(width);
    this.bins = new Uint8Array(width);
    this.weights = new Float64Array(width);
    this.#quantiles = quantiles;
    this.#sort = new ArgSort(width);
    this.#sorted = new Float64Array(width);
  }

  /**
   * Collects the rows of a day.
   *
   * @param values the factor by column
   * @param complete 1 for columns that have returns at all horizons
   */
  select(values: Float64Array, complete: Uint8Array): void {
    const { assets, factor } = this;
    let count = 0;
    let valuesIn = 0;
    for (let asset = 0; asset < values.length; asset++) {
      const value = values[asset]!;
      if (!Number.isFinite(value)) continue;
      valuesIn++;
      if (complete[asset] === 0) continue;
      assets[count] = asset;
      factor[count] = value;
      count++;
    }
    this.count = count;
    this.valuesIn = valuesIn;
  }

  /**
   * Ranks the rows and cuts them into quantiles as pandas' `qcut`: an edge belongs to the quantile below it.
   *
   * @returns false when there is no row, or two edges coincide: the day has no quantiles
   */
  rank(): boolean {
    const { assets, factor, byFactor, quantileStarts, rankOf, quantileOf, bins, count } = this;
    if (count === 0) return false;
    const sorted = this.#sorted;
    const order = this.#sort.sort(factor, count);
    for (let at = 0; at < count; at++) sorted[at] = factor[order[at]!]!;
    const edges = quantileEdges(sorted.subarray(0, count), this.#quantiles);
    for (let edge = 0; edge < this.#quantiles; edge++) {
      if (!(edges[edge]! < edges[edge + 1]!)) return false;
    }
    const median = (sorted[(count - 1) >> 1]! + sorted[count >> 1]!) / 2;
    rankOf.fill(0);
    quantileOf.fill(0);
    quantileStarts.fill(count);
    quantileStarts[0] = 0;
    let quantile = 1;
    let ties = 0;
    for (let from = 0; from < count;) {
      const value = sorted[from]!;
      let to = from + 1;
      while (to < count && sorted[to] === value) to++;
      while (quantile < this.#quantiles && value > edges[quantile]!) {
        quantileStarts[quantile++] = from;
      }
      const side = value > median ? 2 : value < median ? 0 : 1;
      const rank = (from + 1 + to) / 2;
      if (to - from > 1) ties += tieTerm(to - from);
      for (; from < to; from++) {
        const row = order[from]!;
        const asset = assets[row]!;
        byFactor[from] = asset;
        rankOf[asset] = rank;
        quantileOf[asset] = quantile;
        bins[row] = 3 * (quantile - 1) + side;
      }
    }
    this.rankSquares = (tieTerm(count) - ties) / 12;
    return true;
  }

  /** Sets the long-short weights of the rows, which hold at least two different values. */
  weigh(): void {
    const { factor, weights, count } = this;
    let sum = 0;
    for (let at = 0; at < count; at++) sum += factor[at]!;
    const mean = sum / count;
    let gross = 0;
    for (let at = 0; at < count; at++) gross += Math.abs(factor[at]! - mean);
    for (let at = 0; at < count; at++) weights[at] = (factor[at]! - mean) / gross;
  }
}
