import type { LongFile, WideFile } from "../../sources/files/price-file.ts";
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

/** Text or number of a column as Nullable(Float64). */
function number(type: string, column: string): string {
  return type.includes("String") ? `toFloat64OrNull(trimBoth(${column}))` : `toFloat64(${column})`;
}

/** 1 where a cell holds something that is no finite number. */
function unreadable(type: string, column: string, value: string): string {
  return type.includes("String")
    ? `(lower(trimBoth(ifNull(${column}, ''))) NOT IN ('', 'null', 'na', 'n/a', '-') AND NOT isFinite(ifNull(${value}, inf)))`
    : `(isNotNull(${column}) AND NOT isFinite(ifNull(${value}, 0)))`;
}

/** A cell as a day: the first ten characters of `2024-01-31 16:00` or eight of `20240131`; 1970-01-01 where it is none. */
function day(type: string, column: string): string {
  if (type.includes("Date")) return `toDate(ifNull(${column}, 0))`;
  const text = type.includes("Int")
    ? `toString(ifNull(${column}, 0))`
    : `trimBoth(ifNull(${column}, ''))`;
  const dashed = `if(match(${text}, '^[0-9]{8}'), concat(substring(${text}, 1, 4), '-', substring(${text}, 5, 2), '-', substring(${text}, 7, 2)), substring(${text}, 1, 10))`;
  // ClickHouse forgives 2024-02-31; writing the day back and comparing does not.
  return `if(toString(toDateOrZero(${dashed})) = ${dashed}, toDateOrZero(${dashed}), toDate(0))`;
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
  table: string,
  file: LongFile | WideFile,
  basis: string,
  capture: string,
): Promise<void> {
  const { columns, rows } = file.shape === "long" ? longRows(file, basis) : wideRows(file);
  const csv = file.format === "csv";
  // The columns of any file are c0, c1, ... from here on: its own names could be anything.
  const renamed = csv
    ? "{file}"
    : `(SELECT ${file.columns.map(({ name }, at) => `${quoted(name)} AS c${at}`).join(", ")} FROM {file})`;
  const settings = [
    "optimize_on_insert = 0",
    "max_insert_threads = 2",
    "max_partitions_per_insert_block = 0",
    ...(csv
      ? [
          "input_format_csv_skip_first_lines = 1",
          "input_format_csv_allow_variable_number_of_columns = 1",
          `format_csv_delimiter = '${file.delimiter}'`,
        ]
      : []),
  ];
  await warehouse.insertFrom(
    {
      path: file.path,
      format: csv ? "CSV" : "Parquet",
      structure: file.columns
        .map(({ name, type }, at) => `${csv ? `c${at}` : quoted(name)} ${type}`)
        .join(", "),
    },
    `INSERT INTO ${table}
     SELECT ${columns}, ${reason} AS reason, if(reason = '', '', ${recordOf(file)}) AS record, line,
       {origin:String} AS origin, {capture:String} AS capture
     FROM ${rows.replace("{rows}", () => renamed)}
     SETTINGS ${settings.join(", ")}`,
    {
      origin: file.path,
      capture,
      ...(file.shape === "wide" && { symbols: file.symbols.map((at) => file.columns[at]!.name) }),
    },
  );
}

function quoted(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

/** Line numbers count from 1, the header is line 1; a Parquet row counts the same way. */
const line = "rowNumberInAllBlocks() + 2 AS line";

/** The text of a row that is put aside. */
function recordOf(file: LongFile | WideFile): string {
  if (file.shape === "wide") return "concat(day_text, ',', symbol, ',', cell)";
  const cells = file.columns.map((_, at) => `ifNull(toString(c${at}), '')`);
  return `arrayStringConcat([${cells.join(", ")}], ',')`;
}

function longRows(file: LongFile, basis: string): { columns: string; rows: string } {
  const typed = Object.entries(file.fields).map(([field, at]) => {
    const raw = `c${at!}`;
    const { type } = file.columns[at!]!;
    return [
      field,
      { value: number(type, raw), bad: unreadable(type, raw, number(type, raw)) },
    ] as const;
  });
  const cells = new Map(typed);
  const value = (field: string): string => cells.get(field)?.value ?? none;
  // Adjusted prices throughout: what the close was scaled by scales the others.
  const scaled = basis === "total-return" && cells.has("adjclose");
  const price = (field: string): string =>
    scaled ? `${value(field)} * (${value("adjclose")} / ${value("close")})` : value(field);
  const close = scaled ? value("adjclose") : value("close");
  return {
    columns: `trimBoth(ifNull(toString(c${file.symbol}), '')) AS symbol,
       ${day(file.columns[file.day]!.type, `c${file.day}`)} AS day,
       ${price("open")} AS open, ${price("high")} AS high, ${price("low")} AS low, ${close} AS close,
       ${value("volume")} AS volume, ${value("adjclose")} AS adjclose,
       toUInt8(${typed.map(([, { bad }]) => bad).join(" + ")}) AS unreadable`,
    rows: `(SELECT *, ${line} FROM {rows})`,
  };
}

const none = "CAST(NULL, 'Nullable(Float64)')";

function wideRows(file: WideFile): { columns: string; rows: string } {
  const dayColumn = `c${file.day}`;
  const texts = file.symbols.map((at) => `ifNull(toString(c${at}), '')`);
  return {
    columns: `symbol, day, ${none} AS open, ${none} AS high, ${none} AS low,
       toFloat64OrNull(cell) AS close, ${none} AS volume, ${none} AS adjclose,
       toUInt8(NOT isFinite(ifNull(close, inf))) AS unreadable`,
    // Empty cells are days on which a name did not trade: no rows, and no errors.
    rows: `(
       SELECT day, day_text, line, trimBoth(pair.1) AS symbol, trimBoth(pair.2) AS cell
       FROM (
         SELECT ${day(file.columns[file.day]!.type, dayColumn)} AS day,
           ifNull(toString(${dayColumn}), '') AS day_text, ${line},
           arrayJoin(arrayZip({symbols:Array(String)}, [${texts.join(", ")}])) AS pair
         FROM {rows})
       WHERE lower(cell) NOT IN ('', 'null', 'nan', 'na', 'n/a'))`,
  };
}
