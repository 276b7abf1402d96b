import { InvalidInput } from "../../errors.ts";
import { fromDayNumber, type TradingDay } from "../../market/trading-day.ts";
import type { LongFile, WideFile } from "../../sources/files/price-file.ts";
import { coded, numbers } from "../native/column.ts";
import type { Warehouse } from "../warehouse.ts";
import { dayCell, numberCell, textCell, unreadableCell } from "./cells.ts";
import { tableFile } from "./table-file.ts";

/** Values by day and symbol, one a row, in no order. */
export interface DayValues {
  /** Days since 1970. */
  readonly days: Uint16Array;
  /** Position in `names`. */
  readonly symbols: Uint32Array;
  readonly names: readonly string[];
  /** NaN where a cell is empty. */
  readonly values: Float64Array;
}

/**
 * Reads one value of a file of days and symbols, by ClickHouse's own parsers.
 *
 * @param field which value of a long file; a wide one has but one
 * @throws InvalidInput for a day or a number that is none, and for two values of one day and symbol, naming file and line
 */
export async function readDayValues(
  warehouse: Warehouse,
  file: LongFile | WideFile,
  field: string,
): Promise<DayValues> {
  const source = tableFile(file);
  const { path } = file;
  await warehouse.command("DROP TABLE IF EXISTS day_values SYNC");
  await warehouse.command(
    `CREATE TABLE day_values (symbol LowCardinality(String), day Date, value Nullable(Float64), unreadable UInt8,
       flaw LowCardinality(String), record String, line UInt64) ENGINE = MergeTree ORDER BY tuple()`,
  );
  const at = file.shape === "long" ? file.fields[field]! : -1;
  const [cell, type] =
    file.shape === "long" ? [`c${at}`, file.columns[at]!.type] : ["cell", "String"];
  const keys =
    file.shape === "long"
      ? `${textCell(`c${file.symbol}`)} AS symbol, ${dayCell(file.columns[file.day]!.type, `c${file.day}`)} AS day`
      : "symbol, day";
  try {
    await warehouse.insertFrom(
      source.source,
      `INSERT INTO day_values
       SELECT ${keys}, ${numberCell(type, cell)} AS value, toUInt8(${unreadableCell(type, cell)} AND ${notNan(type, cell)}) AS unreadable,
         ${source.flaw} AS flaw,
         if(flaw != '' OR unreadable OR day = toDate(0) OR symbol = '', substring(${source.record}, 1, 100), '') AS record, line
       FROM ${source.rows} SETTINGS ${[...source.settings, "max_insert_threads = 2"].join(", ")}`,
      source.parameters,
    );
    await refuse(warehouse, path);
    return await collect(warehouse);
  } finally {
    await warehouse.command("DROP TABLE IF EXISTS day_values SYNC");
  }
}

/** A signal may say NaN where it has no value. */
function notNan(type: string, column: string): string {
  return type.includes("String")
    ? `lower(trimBoth(ifNull(${column}, ''))) NOT IN ('nan', 'inf', '-inf')`
    : "0";
}

async function refuse(warehouse: Warehouse, path: string): Promise<void> {
  const bad = await warehouse.rows<{ line: number; record: string; what: string }>(
    `SELECT line, record, multiIf(flaw != '', concat('a cell a column, without ', flaw), day = toDate(0), 'a day as YYYY-MM-DD', symbol = '', 'a symbol', 'a number') AS what
     FROM day_values WHERE flaw != '' OR day = toDate(0) OR symbol = '' OR unreadable ORDER BY line LIMIT 1`,
  );
  if (bad[0]) {
    throw new InvalidInput(
      `${path}:${bad[0].line}: expected ${bad[0].what}, got "${bad[0].record}".`,
    );
  }
  const twice = await warehouse.rows<{ symbol: string; day: string; lines: number[] }>(
    `SELECT symbol, day, arraySort(groupArray(2)(line)) AS lines FROM day_values
     GROUP BY symbol, day HAVING count() > 1 ORDER BY day, symbol LIMIT 1`,
  );
  if (twice[0]) {
    const { symbol, day, lines } = twice[0];
    throw new InvalidInput(
      `${path}:${lines[1] ?? lines[0]!}: expected one value a day and symbol, got another of ${symbol} on ${day} (line ${lines[0]!}).`,
    );
  }
}

async function collect(warehouse: Warehouse): Promise<DayValues> {
  const counted = await warehouse.rows<{ rows: number }>("SELECT count() AS rows FROM day_values");
  const rows = counted[0]!.rows;
  const days = new Uint16Array(rows);
  const symbols = new Uint32Array(rows);
  const values = new Float64Array(rows);
  const codeOf = new Map<string, number>();
  let filled = 0;
  for await (const block of warehouse.stream("SELECT symbol, day, value FROM day_values")) {
    const { dictionary, codes } = coded(block, "symbol");
    for (const name of dictionary) if (!codeOf.has(name)) codeOf.set(name, codeOf.size);
    const translate = Uint32Array.from(dictionary, (name) => codeOf.get(name)!);
    days.set(numbers(block, "day"), filled);
    values.set(numbers(block, "value"), filled);
    for (let row = 0; row < block.rows; row++) symbols[filled + row] = translate[codes[row]!]!;
    filled += block.rows;
  }
  return { days, symbols, names: [...codeOf.keys()], values };
}

/** The days of some values, ascending, each once. */
export function daysOf({ days }: DayValues): TradingDay[] {
  return [...new Set(days)].sort((a, b) => a - b).map(fromDayNumber);
}
