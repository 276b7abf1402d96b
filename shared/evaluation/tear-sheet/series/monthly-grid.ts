import { mean } from "../../moments.ts";

/** One year of a heat map. */
export interface YearRow {
  readonly year: string;
  /** Mean of the defined days of each month, January first; NaN for a month without any. */
  readonly months: readonly number[];
  /** Mean of the year's defined days. */
  readonly mean: number;
}

/**
 * Daily values by year and month.
 *
 * @param days `YYYY-MM-DD`, ascending, one a value
 * @returns every year from the first to the last, in order
 */
export function monthlyGrid(days: readonly string[], values: Float64Array): YearRow[] {
  if (days.length === 0) return [];
  const byYear = new Map<string, number[][]>();
  const [first, last] = [Number(days[0]!.slice(0, 4)), Number(days.at(-1)!.slice(0, 4))];
  for (let year = first; year <= last; year++) {
    byYear.set(
      String(year),
      Array.from({ length: 12 }, () => []),
    );
  }
  for (const [at, day] of days.entries()) {
    const value = values[at]!;
    if (!Number.isNaN(value))
      byYear.get(day.slice(0, 4))![Number(day.slice(5, 7)) - 1]!.push(value);
  }
  return Array.from(byYear, ([year, months]) => ({
    year,
    months: months.map((month) => mean(Float64Array.from(month))),
    mean: mean(Float64Array.from(months.flat())),
  }));
}
