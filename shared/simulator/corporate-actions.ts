import type { TradingDay } from "../market/trading-day.ts";
import type { Company } from "./company.ts";
import type { Dividend, Split } from "./history.ts";
import { RandomStream } from "./random.ts";

const reviewSessions = 21;
const quarterSessions = 63;
/** Dollars below which the shares are put together. */
const reverseBelow = 1;

/** New shares for old ones. */
type Terms = readonly [numerator: number, denominator: number];

const reverseTerms: readonly [Terms, ...Terms[]] = [
  [1, 10],
  [1, 15],
  [1, 20],
];
/** Two for one is the most common. */
const forwardTerms: readonly [Terms, ...Terms[]] = [
  [2, 1],
  [2, 1],
  [3, 1],
  [3, 2],
  [4, 1],
];

/** The splits and dividends that one company decides on, session after session, from its price. */
export class CorporateActions {
  readonly splits: Split[] = [];
  readonly dividends: Dividend[] = [];
  /** The next session of the life at which there is something to decide. */
  next: number;
  readonly #company: Company;
  readonly #sessions: readonly TradingDay[];
  readonly #first: number;
  readonly #stream: RandomStream;
  #review: number;
  #payment: number;
  #payments = 0;
  #amount = 0;

  /** @param first position of the life's first session */
  constructor(
    company: Company,
    stream: RandomStream,
    sessions: readonly TradingDay[],
    first: number,
  ) {
    this.#company = company;
    this.#sessions = sessions;
    this.#first = first;
    this.#stream = stream;
    this.#review = 5 + stream.integer(reviewSessions);
    const firstPayment = 5 + stream.integer(quarterSessions);
    this.#payment = company.dividendYield > 0 ? firstPayment : Infinity;
    this.next = Math.min(this.#review, this.#payment);
  }

  /**
   * Decides on what happens before the open of a session; call it on sessions with trading, from `next` on.
   *
   * @param at session of the life
   * @param price the close before, dollars
   * @returns new shares for one old one, and the dividend on each old share
   */
  decide(at: number, price: number): { ratio: number; dividend: number } {
    const dividend = at >= this.#payment ? this.#pay(at, price) : 0;
    const ratio = at >= this.#review ? this.#split(at, price, dividend) : 1;
    this.next = Math.min(this.#review, this.#payment);
    return { ratio, dividend };
  }

  #pay(at: number, price: number): number {
    this.#payment += quarterSessions;
    if (this.#payments++ % 4 === 0) {
      const quarterly = (price * this.#company.dividendYield) / 4;
      this.#amount = Math.max(0.01, Math.round(quarterly * 100) / 100);
    }
    const amount = this.#amount;
    if (amount > price / 10) return 0; // the price has collapsed: nothing is paid
    this.dividends.push({ ...this.#date(at), amount });
    return amount;
  }

  /** A split never falls on an ex-date of a dividend, whose amount would be ambiguous. */
  #split(at: number, price: number, dividend: number): number {
    if (dividend > 0) return 1;
    this.#review += reviewSessions;
    const [numerator, denominator] = this.#terms(price);
    if (numerator === denominator) return 1;
    this.splits.push({ ...this.#date(at), numerator, denominator });
    const ratio = numerator / denominator;
    this.#amount = Math.max(0.0001, Math.round((this.#amount / ratio) * 10_000) / 10_000);
    return ratio;
  }

  #terms(price: number): Terms {
    if (price < reverseBelow) return this.#stream.pick(reverseTerms);
    if (price <= this.#company.splitAbove) return [1, 1];
    if (price > 400) return [10, 1];
    return price > 250 ? [5, 1] : this.#stream.pick(forwardTerms);
  }

  #date(at: number): { exDate: TradingDay; session: number } {
    const session = this.#first + at;
    return { exDate: this.#sessions[session]!, session };
  }
}
