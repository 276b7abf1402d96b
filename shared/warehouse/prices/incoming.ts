import type { LongFile, WideFile } from "../../sources/files/price-file.ts";
import { dayCell, numberCell, textCell, unreadableCell } from "../files/cells.ts";
import { openQuote, tableFile } from "../files/table-file.ts";
import type { Warehouse } from "../warehouse.ts";

/**
 * Rows of prices on their way in, of any source, as they were read: typed, not yet judged against each other. A row that
 * can't be one has a reason and its text; the others have neither.
 */
export async function createIncoming(warehouse: Warehouse, token: string): Promise<string> {
  const table = `incoming_${token}`;
  await warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  await warehouse.command(`
    CREATE TABLE ${table} (
      symbol     LowCardinality(String),
      day        Date,
      open       Nullable(Float64),
      high       Nullable(Float64),
      low        Nullable(Float64),
      close      Nullable(Float64),
      volume     Nullable(Float64),
      adjclose   Nullable(Float64),
      unreadable UInt8 COMMENT 'cells with text that is no number',
      reason     LowCardinality(String),
      record     String,
      line       UInt64,
      origin     LowCardinality(String),
      capture    LowCardinality(String)
    ) ENGINE = MergeTree ORDER BY tuple()`);
  return table;
}

/**
 * Reads a column file that a fetch job left (symbol, day, open, high, low, close, volume, capture) into the incoming table.
 *
 * @param path a file in ClickHouse's Native format
 * @param origin what the rows are said to come from
 */
export async function readColumnFile(
  warehouse: Warehouse,
  table: string,
  path: string,
  origin: string,
): Promise<void> {
  const prices = ["open", "high", "low", "close", "volume"];
  await warehouse.insertFrom(
    {
      path,
      format: "Native",
      structure: `symbol LowCardinality(String), day Date, ${prices.map((name) => `${name} Nullable(Float64)`).join(", ")}, capture LowCardinality(String)`,
    },
    `INSERT INTO ${table} (symbol, day, ${prices.join(", ")}, unreadable, reason, record, line, origin, capture)
     SELECT symbol, day, ${prices.join(", ")}, toUInt8(0) AS unreadable, ${reason} AS reason,
       if(reason = '', '', arrayStringConcat([toString(day), symbol, toString(ifNull(close, nan))], ',')) AS record,
       0 AS line, {origin:String} AS origin, capture
     FROM {file} SETTINGS optimize_on_insert = 0`,
    { origin },
  );
}

/** The reason why a row can't be a bar, '' when it can. Conflicts between rows are found later. */
const reason = `multiIf(
  NOT isValidUTF8(symbol), 'ticker is not UTF-8',
  symbol = '', 'no ticker',
  day = toDate(0), 'day is no YYYY-MM-DD',
  day NOT IN (SELECT day FROM sessions), 'no session in New York on that day',
  close IS NULL AND unreadable > 0, 'close is no number',
  close IS NULL, 'no close',
  NOT isFinite(assumeNotNull(close)), 'close is no number',
  close <= 0, 'close is not positive',
  '')`;

/**
 * Reads a file of prices into the incoming table. ClickHouse parses it, in parallel; every row keeps its line.
 *
 * @param basis with `total-return` a file that has both a close and an adjusted close gives adjusted prices throughout
 * @param capture content hash of the file
 */
export async function readIntoIncoming(
  warehouse: Warehouse,
  incoming: string,
  file: LongFile | WideFile,
  basis: string,
  capture: string,
): Promise<void> {
  const table = tableFile(file);
  await warehouse.insertFrom(
    table.source,
    `INSERT INTO ${incoming}
     SELECT ${file.shape === "long" ? longColumns(file, basis) : wideColumns},
       if(${table.flaw} != '', ${table.flaw}, ${reason}) AS reason,
       if(reason = '', '', substring(${table.record}, 1, 1000)) AS record, line,
       {origin:String} AS origin, {capture:String} AS capture
     FROM ${table.rows}
     SETTINGS ${[...table.settings, ...bulkInsert].join(", ")}`,
    { ...table.parameters, origin: file.path, capture },
  );
}

/** What a file brought into the incoming table. */
export interface IncomingFile {
  readonly rows: number;
  /** The first line with a quote that is not closed on it; 0 when there is none. */
  readonly openQuote: number;
}

/** Looks at what `readIntoIncoming` read. */
export async function incomingOf(
  warehouse: Warehouse,
  incoming: string,
  capture: string,
): Promise<IncomingFile> {
  const rows = await warehouse.rows<IncomingFile>(
    `SELECT count() AS rows, minIf(line, reason = {openQuote:String}) AS openQuote
     FROM ${incoming} WHERE capture = {capture:String}`,
    { capture, openQuote },
  );
  return rows[0]!;
}

/** Settings of big inserts: threads of their own, no work twice, any number of years at once. */
const bulkInsert = [
  "optimize_on_insert = 0",
  "max_insert_threads = 2",
  "max_partitions_per_insert_block = 0",
];

const none = "CAST(NULL, 'Nullable(Float64)')";

const wideColumns = `symbol, day, ${none} AS open, ${none} AS high, ${none} AS low,
  ${numberCell("String", "cell")} AS close, ${none} AS volume, ${none} AS adjclose,
  toUInt8(${unreadableCell("String", "cell")}) AS unreadable`;

function longColumns(file: LongFile, basis: string): string {
  const cells = new Map(
    Object.entries(file.fields).map(([field, at]) => {
      const { type } = file.columns[at!]!;
      const value = numberCell(type, `c${at!}`);
      return [field, { value, unreadable: unreadableCell(type, `c${at!}`) }] as const;
    }),
  );
  const value = (field: string): string => cells.get(field)?.value ?? none;
  // Adjusted prices throughout: what the close was scaled by scales the others.
  const scaled = basis === "total-return" && cells.has("adjclose");
  const price = (field: string): string =>
    scaled ? `${value(field)} * (${value("adjclose")} / ${value("close")})` : value(field);
  return `${textCell(`c${file.symbol}`)} AS symbol,
    ${dayCell(file.columns[file.day]!.type, `c${file.day}`)} AS day,
    ${price("open")} AS open, ${price("high")} AS high, ${price("low")} AS low,
    ${scaled ? value("adjclose") : value("close")} AS close,
    ${value("volume")} AS volume, ${value("adjclose")} AS adjclose,
    toUInt8(${[...cells.values()].map((cell) => cell.unreadable).join(" + ")}) AS unreadable`;
}
