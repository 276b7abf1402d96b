import { dayNumber, type TradingDay } from "../market/trading-day.ts";
import type { DayValues } from "../warehouse/files/read-day-values.ts";

/** A day by asset table of doubles, row-major (`values[row * assets.length + column]`), NaN where there is no value. */
export interface DayTable {
  /** Ascending, one a row. */
  readonly days: readonly TradingDay[];
  /** One a column. */
  readonly assets: readonly string[];
  readonly values: Float64Array;
}

/** What one evaluation reads. Factor and prices have the same columns; their rows are joined by day. */
export interface EvaluationInput {
  readonly factor: DayTable;
  readonly prices: DayTable;
  readonly groups?: Groups;
}

/** Which names belong together. */
export interface Groups {
  /**
   * Index into `names`, -1 for none: of each column where groups never change, else row-major as the factor's table.
   */
  readonly of: Int32Array;
  readonly names: readonly string[];
}

/** The group of each column on a row of the factor's table. */
export function groupsOn(of: Int32Array, row: number, width: number): Int32Array {
  return of.length === width ? of : of.subarray(row * width, (row + 1) * width);
}

/** Where a price series ends for good. */
export interface Endings {
  /** Row of the last price of a security that ended, -1 for one that trades on. */
  readonly lastRow: Int32Array;
  /** Return from the last price to what holders received, a fraction; NaN where nobody knows. */
  readonly delistingReturn: Float64Array;
}

/** The row of each day of one table in another, -1 where the other has no such day. */
export function rowsByDay(days: readonly TradingDay[], other: readonly TradingDay[]): Int32Array {
  const rows = new Map(other.map((day, row) => [day, row]));
  return Int32Array.from(days, (day) => rows.get(day) ?? -1);
}

/**
 * Lays values out as a table.
 *
 * @param days rows; values of other days fall out
 * @param assets columns; values of others fall out
 */
export function tableOf(
  values: DayValues,
  days: readonly TradingDay[],
  assets: readonly string[],
): DayTable {
  const rowOf = new Int32Array(65_536).fill(-1);
  for (const [row, day] of days.entries()) rowOf[dayNumber(day)] = row;
  const columns = new Map(assets.map((asset, at) => [asset, at]));
  const columnOf = Int32Array.from(values.names, (name) => columns.get(name) ?? -1);
  const table = new Float64Array(days.length * assets.length).fill(NaN);
  for (let at = 0; at < values.values.length; at++) {
    const row = rowOf[values.days[at]!]!;
    const column = columnOf[values.symbols[at]!]!;
    if (row >= 0 && column >= 0) table[row * assets.length + column] = values.values[at]!;
  }
  return { days, assets, values: table };
}
