import type { TradingDay } from "../market/trading-day.ts";

/** Daily bars as traded, by session with trading, oldest first; all arrays have one length. */
export interface Bars {
  /** Position of each session in `Market.sessions`; a halt is a gap. */
  readonly session: Int32Array;
  /** Dollars: whole cents from 1 dollar on, hundredths of a cent below. */
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Shares, whole. */
  readonly volume: Float64Array;
}

/** `numerator` new shares for `denominator` old ones, before the open of a session. */
export interface Split {
  /** The first session at the new price; it has a bar. */
  readonly exDate: TradingDay;
  /** Its position in `Market.sessions`. */
  readonly session: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** A cash dividend. */
export interface Dividend {
  /** The first session without the claim; it has a bar. */
  readonly exDate: TradingDay;
  /** Its position in `Market.sessions`. */
  readonly session: number;
  /** Dollars a share as traded on the session before. */
  readonly amount: number;
}

/** Everything one listing did, events ascending by date. */
export interface History {
  readonly bars: Bars;
  readonly splits: readonly Split[];
  readonly dividends: readonly Dividend[];
}
