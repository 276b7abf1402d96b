import type { CrossSection } from "./cross-section.ts";
import type { ForwardReturnOptions } from "./forward-returns.ts";
import type { DayTable, Endings } from "./tables.ts";

/** The daily life of a portfolio that holds `horizon` overlapping tranches of long-short weights. */
export interface PortfolioDays {
  /** Rows a tranche is held. */
  readonly horizon: number;
  /** Row of the price table on which each return was earned, ascending. */
  readonly rows: Int32Array;
  /** Return before cost. */
  readonly gross: Float64Array;
  /** Sum |dw| of the trade at the close before. */
  readonly traded: Float64Array;
}

interface Book {
  readonly horizon: number;
  readonly weights: Float64Array;
  readonly rows: number[];
  readonly gross: number[];
  readonly traded: number[];
}

/**
 * Trades long-short weights day by day: at each row a tranche of 1/h of the day's weights is bought, and the one bought h
 * rows ago is sold. Weights are held at their targets. A name without a price on a row earns nothing that day and its
 * whole move when its price comes back; one that ended earns its delisting return, where known, on the row after its last.
 *
 * Jegadeesh and Titman (1993) hold overlapping portfolios in this way.
 */
export class OverlappingPortfolios {
  readonly #prices: DayTable;
  readonly #delay: number;
  readonly #endings: Endings | undefined;
  readonly #delistingReturn: number;
  readonly #books: readonly Book[];
  /** Weights by column, by the row they were bought at. */
  readonly #bought = new Map<number, Float64Array>();
  readonly #longest: number;
  readonly #lastPrice: Float64Array;
  readonly #returns: Float64Array;
  readonly #none: Float64Array;
  #row = -1;

  constructor(prices: DayTable, options: ForwardReturnOptions) {
    const { horizons } = options;
    const width = prices.assets.length;
    this.#prices = prices;
    this.#delay = options.delay;
    this.#endings = options.endings;
    this.#delistingReturn = options.delistingReturn ?? 0;
    this.#longest = Math.max(...horizons);
    this.#lastPrice = new Float64Array(width).fill(NaN);
    this.#returns = new Float64Array(width);
    this.#none = new Float64Array(width);
    this.#books = horizons.map((horizon) => ({
      horizon,
      weights: new Float64Array(width),
      rows: [],
      gross: [],
      traded: [],
    }));
  }

  /** Takes a day's weights; they are traded `delay` rows later. Rows come in ascending order. */
  add(row: number, section: CrossSection): void {
    const entry = row + this.#delay;
    const weights = new Float64Array(this.#none.length);
    for (let at = 0; at < section.count; at++) weights[section.assets[at]!] = section.weights[at]!;
    if (this.#row < 0) this.#row = entry;
    while (this.#row < entry) this.#advance();
    this.#bought.set(entry, weights);
  }

  /** Trades at the close of the row at hand and earns the next row's returns. */
  #advance(): void {
    const { values, assets } = this.#prices;
    const width = assets.length;
    const row = this.#row++;
    for (const book of this.#books) book.traded.push(this.#trade(book, row));
    this.#earn(values.subarray(row * width, (row + 1) * width), this.#row);
    for (const book of this.#books) {
      let earned = 0;
      for (let asset = 0; asset < width; asset++)
        earned += book.weights[asset]! * this.#returns[asset]!;
      book.gross.push(earned);
      book.rows.push(this.#row);
    }
    this.#bought.delete(row - this.#longest);
  }

  #trade(book: Book, row: number): number {
    const fresh = this.#bought.get(row) ?? this.#none;
    const old = this.#bought.get(row - book.horizon) ?? this.#none;
    const { weights, horizon } = book;
    let traded = 0;
    for (let asset = 0; asset < weights.length; asset++) {
      const change = (fresh[asset]! - old[asset]!) / horizon;
      weights[asset]! += change;
      traded += Math.abs(change);
    }
    return traded;
  }

  /** Sets each name's return on a row, given the prices of the row before. */
  #earn(before: Float64Array, row: number): void {
    const width = before.length;
    const now = this.#prices.values.subarray(row * width, (row + 1) * width);
    const lastPrice = this.#lastPrice;
    for (let asset = 0; asset < width; asset++) {
      if (!Number.isNaN(before[asset]!)) lastPrice[asset] = before[asset]!;
      const earned = now[asset]! / lastPrice[asset]! - 1;
      this.#returns[asset] = Number.isFinite(earned) ? earned : 0;
    }
    if (this.#endings === undefined) return;
    for (let asset = 0; asset < width; asset++) {
      if (this.#endings.lastRow[asset] !== row - 1) continue;
      const known = this.#endings.delistingReturn[asset]!;
      this.#returns[asset] = Number.isNaN(known) ? this.#delistingReturn : known;
    }
  }

  /** The days so far, the one after the last trade included. */
  finish(): PortfolioDays[] {
    if (this.#row >= 0 && this.#row + 1 < this.#prices.days.length) this.#advance();
    return this.#books.map(({ horizon, rows, gross, traded }) => ({
      horizon,
      rows: Int32Array.from(rows),
      gross: Float64Array.from(gross),
      traded: Float64Array.from(traded),
    }));
  }
}

/** A portfolio in the opposite direction where `direction` is -1: it trades as much and earns the opposite. */
export function turned(portfolio: PortfolioDays, direction: 1 | -1): PortfolioDays {
  return direction === 1
    ? portfolio
    : { ...portfolio, gross: portfolio.gross.map((value) => -value) };
}
