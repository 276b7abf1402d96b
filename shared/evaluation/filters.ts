import { comparable, isMember, type Membership } from "../market/universe.ts";
import { rowsByDay, type DayTable } from "./tables.ts";

/** What keeps a value out of an evaluation. */
export interface Filters {
  /** Only its members, on the days they are. */
  readonly universe?: readonly Membership[] | undefined;
  /** Lowest price on the day, and the prices it is held against. */
  readonly minPrice?: { readonly limit: number; readonly prices: DayTable } | undefined;
  /** Lowest mean of the last 21 days' dollar volume, and the volumes. */
  readonly minAdv?: { readonly limit: number; readonly dollarVolumes: DayTable } | undefined;
}

/** How many values each filter took out, in the order in which they apply. */
export type Filtered = Readonly<Record<"universe" | "min_price" | "min_adv", number>>;

/** Days behind an average dollar volume. */
const advDays = 21;

/**
 * Takes values out of a factor, in place. Only the day itself and days before it are looked at.
 *
 * @param tickersOf the tickers of each column, by which a universe names it on a day
 */
export function applyFilters(
  factor: DayTable,
  filters: Filters,
  tickersOf: (column: number, day: string) => string,
): Filtered {
  const width = factor.assets.length;
  const removed = { universe: 0, min_price: 0, min_adv: 0 };
  const drop = (name: keyof Filtered, keep: (day: number, column: number) => boolean): void => {
    for (let day = 0; day < factor.days.length; day++) {
      for (let column = 0; column < width; column++) {
        const at = day * width + column;
        if (Number.isNaN(factor.values[at]!) || keep(day, column)) continue;
        factor.values[at] = NaN;
        removed[name]++;
      }
    }
  };
  if (filters.universe) {
    const spans = Map.groupBy(filters.universe, ({ ticker }) => comparable(ticker));
    drop("universe", (day, column) => {
      const date = factor.days[day]!;
      return isMember(spans.get(comparable(tickersOf(column, date))), date);
    });
  }
  if (filters.minPrice) {
    const { limit, prices } = filters.minPrice;
    const rowOf = rowsByDay(factor.days, prices.days);
    drop("min_price", (day, column) => prices.values[rowOf[day]! * width + column]! >= limit);
  }
  if (filters.minAdv) {
    const { limit, dollarVolumes } = filters.minAdv;
    const rowOf = rowsByDay(factor.days, dollarVolumes.days);
    drop("min_adv", (day, column) => averageOf(dollarVolumes, rowOf[day]!, column) >= limit);
  }
  return removed;
}

/** Mean over the last days that have a value; NaN when none has. */
function averageOf({ values, assets }: DayTable, row: number, column: number): number {
  let [sum, count] = [0, 0];
  for (let at = Math.max(0, row - advDays + 1); at <= row; at++) {
    const value = values[at * assets.length + column]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
