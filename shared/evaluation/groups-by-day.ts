import type { TickerSpan } from "../market/security.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { comparable, isWithin, type Membership } from "../market/universe.ts";
import type { Groups } from "./tables.ts";

/** The ticker under which each column traded on a day; the last one known where that day has none. */
export function tickersByDay(
  spans: readonly TickerSpan[],
  assets: readonly string[],
): (column: number, day: string) => string {
  const byId = Map.groupBy(spans, ({ securityId }) => securityId as string);
  return (column, day) => {
    const own = byId.get(assets[column]!) ?? [];
    const then = own.find(({ from, to }) => from <= day && (to === undefined || day <= to));
    return (then ?? own.at(-1))?.ticker ?? assets[column]!;
  };
}

/**
 * The group of each column on each day.
 *
 * @param spans stretches of days with their groups
 * @param days rows of the factor's table
 */
export function groupsByDay(
  spans: readonly Membership[],
  days: readonly TradingDay[],
  width: number,
  tickersOf: (column: number, day: string) => string,
): Groups {
  const byTicker = Map.groupBy(spans, ({ ticker }) => comparable(ticker));
  const names = [...new Set(spans.flatMap(({ group }) => group ?? []))].sort();
  const codes = new Map(names.map((name, code) => [name, code]));
  const of = new Int32Array(days.length * width).fill(-1);
  for (const [row, day] of days.entries()) {
    for (let column = 0; column < width; column++) {
      const own = byTicker.get(comparable(tickersOf(column, day)));
      const span = own?.find((one) => isWithin(one, day));
      if (span?.group !== undefined) of[row * width + column] = codes.get(span.group)!;
    }
  }
  return { names, of };
}
