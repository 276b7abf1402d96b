import { dayNumber, type TradingDay } from "./trading-day.ts";

/** Something that changes what a share is or pays. */
export interface CorporateAction {
  readonly kind: "split" | "dividend" | "capital_gain" | "delisting";
  /** First day on which a buyer no longer gets it. */
  readonly exDate: TradingDay;
  /**
   * Split: new shares for one old. Dividend and capital gain: currency a share, as traded on the ex-date. Delisting:
   * return from the last price to what holders received, NaN when unknown.
   */
  readonly value: number;
}

/** Bars as traded, ascending by day. */
export interface TradedCloses {
  /** Days since 1970. */
  readonly days: ArrayLike<number>;
  readonly closes: Float64Array;
}

/**
 * How a dividend enters the series. `ex-close` reinvests it at the close of the ex-date, (C + D) / C: the ratio of two
 * neighbouring values is then exactly the day's total return; Quandl's WIKI prices do it. `previous-close` is
 * P / (P - D) with the close before, as CRSP and Yahoo do.
 */
export type DividendFormula = "ex-close" | "previous-close";

/** Multipliers of as-traded prices, one a bar; 1 on the first. */
export interface ForwardFactors {
  /** Splits only. */
  readonly split: Float64Array;
  /** Splits and distributions. */
  readonly totalReturn: Float64Array;
}

/**
 * Forward adjustment: the first bar stays as traded, and an event multiplies what follows it. A later event therefore
 * changes no earlier number.
 *
 * An event takes effect on the first bar at or after its ex-date; one after the last bar has none yet. Within a day the
 * split comes first: distributions are a share as traded on the ex-date.
 *
 * @param actions in any order; a distribution that no price can pay (`ex-close`: total 0 or less; `previous-close`: as
 * large as the price) is an error of the source and is left out
 */
export function forwardFactors(
  { days, closes }: TradedCloses,
  actions: readonly CorporateAction[],
  formula: DividendFormula = "ex-close",
): ForwardFactors {
  const length = closes.length;
  const split = new Float64Array(length);
  const totalReturn = new Float64Array(length);
  const pending = actions
    .map(({ kind, exDate, value }) => ({ kind, value, day: dayNumber(exDate) }))
    .sort((a, b) => a.day - b.day || Number(b.kind === "split") - Number(a.kind === "split"));
  let next = 0;
  let splits = 1;
  let total = 1;
  for (let bar = 0; bar < length; bar++) {
    let ratio = 1;
    let paid = 0;
    for (; next < pending.length && pending[next]!.day <= days[bar]!; next++) {
      const { kind, value } = pending[next]!;
      if (kind === "split") {
        ratio *= value;
        // What was paid on a day without a bar was paid on the old shares.
        paid /= value;
      } else if (kind !== "delisting") paid += value;
    }
    // Nothing that happened before the first bar concerns its holders.
    if (bar > 0 && (ratio !== 1 || paid !== 0)) {
      splits *= ratio;
      total *= ratio * growth(formula, paid, closes[bar]!, closes[bar - 1]! / ratio);
    }
    split[bar] = splits;
    totalReturn[bar] = total;
  }
  return { split, totalReturn };
}

function growth(formula: DividendFormula, paid: number, exClose: number, before: number): number {
  const factor = formula === "ex-close" ? (exClose + paid) / exClose : before / (before - paid);
  return factor > 0 && Number.isFinite(factor) ? factor : 1;
}

/**
 * The familiar back-adjusted series: the last bar as traded, earlier ones divided by what came after. A view for people,
 * as of the last bar's day; never an input of a factor.
 */
export function backAdjusted(values: Float64Array, forward: Float64Array): Float64Array {
  const last = forward.at(-1) ?? 1;
  return values.map((value, bar) => (value * forward[bar]!) / last);
}
