import { applyFilters } from "../../shared/evaluation/filters.ts";
import { groupsByDay, tickersByDay } from "../../shared/evaluation/groups-by-day.ts";
import { neutralize } from "../../shared/evaluation/neutralize.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import type { TickerSpan } from "../../shared/market/security.ts";
import { dayNumber, type TradingDay } from "../../shared/market/trading-day.ts";
import type { Membership } from "../../shared/market/universe.ts";

/** What lists, and the tickers by which they name securities, say on each day. */
export interface ListView {
  readonly days: readonly TradingDay[];
  readonly universe: readonly Membership[] | undefined;
  readonly groups: readonly Membership[] | undefined;
  readonly spans: readonly TickerSpan[];
}

/** One factor's values by security and day number. */
export type Values = Map<string, Map<number, number>>;

/** The values as an evaluation would use them: of members only, and neutral to groups. */
export function throughLists(values: Values, view: ListView): Values {
  const { universe, groups, spans } = view;
  const present = new Set([...values.values()].flatMap((own) => [...own.keys()]));
  const days = view.days.filter((day) => present.has(dayNumber(day)));
  const assets = [...values.keys()].sort();
  if (days.length === 0) return new Map();
  const tickersOf = tickersByDay(spans, assets);
  const table: DayTable = {
    days,
    assets,
    values: Float64Array.from({ length: days.length * assets.length }, (_, at) => {
      const own = values.get(assets[at % assets.length]!)!;
      return own.get(dayNumber(days[Math.floor(at / assets.length)]!)) ?? NaN;
    }),
  };
  applyFilters(table, { universe }, tickersOf);
  const seen =
    groups === undefined
      ? table
      : neutralize(table, {
          groupOf: groupsByDay(groups, days, assets.length, tickersOf).of,
          tables: [],
        });
  return new Map(
    assets.map((asset, column) => [
      asset,
      new Map(
        days.flatMap((day, row) => {
          const value = seen.values[row * assets.length + column]!;
          return Number.isNaN(value) ? [] : [[dayNumber(day), value] as const];
        }),
      ),
    ]),
  );
}
