import { open } from "node:fs/promises";
import { InvalidInput } from "../../errors.ts";
import { readCsvHead } from "./csv-head.ts";
import { readParquetSchema } from "./parquet-schema.ts";

/** The parts of a bar. */
export const barFields = ["open", "high", "low", "close", "volume", "adjclose"] as const;
export type BarField = (typeof barFields)[number];

interface FileColumn {
  /** As in the file. */
  readonly name: string;
  /** ClickHouse type it is read as; `String` in a CSV. */
  readonly type: string;
}

interface Common {
  readonly path: string;
  readonly format: "csv" | "parquet";
  readonly gzipped: boolean;
  /** Of a CSV. */
  readonly delimiter: "," | ";" | "\t";
  /** All columns in the order of the file. */
  readonly columns: readonly FileColumn[];
  /** Place of the day among them. */
  readonly day: number;
}

/** One row a (day, symbol). */
export interface LongFile extends Common {
  readonly shape: "long";
  readonly symbol: number;
  /** Place of each field that the file has. */
  readonly fields: Readonly<Partial<Record<string, number>>>;
  /** Columns that nobody reads. */
  readonly ignored: readonly string[];
}

/** One row a day, one column a symbol. */
export interface WideFile extends Common {
  readonly shape: "wide";
  /** Places of the symbols' columns. */
  readonly symbols: readonly number[];
}

/** Columns that a table may have, by the names that vendors give them. */
export interface ColumnNames {
  readonly day: readonly string[];
  readonly symbol: readonly string[];
  /** Names of each value column, by what it is. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

const dayNames = ["date", "day", "datetime", "timestamp", "time", "__index_level_0__", "index", ""];
const symbolNames = ["ticker", "symbol", "asset", "security", "tic"];

/** What price files call their columns. Spaces, `_` and letter case do not matter. */
export const priceColumns: ColumnNames = {
  day: dayNames,
  symbol: symbolNames,
  values: {
    open: ["open"],
    high: ["high"],
    low: ["low"],
    close: ["close", "price", "last"],
    volume: ["volume", "vol"],
    adjclose: ["adjclose", "adjustedclose", "closeadj"],
  },
};

/** What prices beside an own signal may have more. */
export const signalPriceColumns: ColumnNames = {
  ...priceColumns,
  values: { ...priceColumns.values, market_cap: ["marketcap", "mktcap", "marketvalue"] },
};

/** What files of factor values call theirs. */
export const factorColumns: ColumnNames = {
  day: dayNames,
  symbol: symbolNames,
  values: { factor: ["factor", "value", "signal", "score"] },
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_.]/g, "");

/** The place of the first of some names that a file has: `date` before a row number without a name, `close` before `price`. */
function find(columns: readonly FileColumn[], names: readonly string[]): number {
  const present = columns.map(({ name }) => plain(name));
  const found = names.map(plain).find((name) => present.includes(name));
  return found === undefined ? -1 : present.indexOf(found);
}

/**
 * Looks at a table of days and symbols in a file: CSV or Parquet, gzipped CSV too; long (`date,ticker,...`) or wide (the
 * first column the day, one column a symbol).
 *
 * @param path a file of this machine
 * @param names what its columns may be called
 * @param required which value a long table must have
 * @throws InvalidInput naming the file, what was expected and what its header says
 */
export async function inspectTable(
  path: string,
  names: ColumnNames,
  required: string,
): Promise<LongFile | WideFile> {
  const common = await readColumns(path);
  const { columns } = common;
  const repeated = columns.find(({ name }, at) => columns.findIndex((c) => c.name === name) !== at);
  if (repeated) {
    throw new InvalidInput(
      `${path}:1: column "${repeated.name}" stands twice in the header; rename one.`,
    );
  }
  const symbol = find(columns, names.symbol);
  const fields: Record<string, number> = {};
  for (const [field, aliases] of Object.entries(names.values)) {
    const place = find(columns, aliases);
    if (place >= 0) fields[field] = place;
  }
  const day = find(columns, names.day);
  const header = columns.map(({ name }) => name).join(",");
  const shown = header.length > 120 ? `${header.slice(0, 120)}...` : header;

  if (symbol >= 0 || (fields[required] !== undefined && day >= 0)) {
    const missing = [
      ...(day < 0 ? [names.day[0]!] : []),
      ...(symbol < 0 ? [names.symbol.slice(0, 3).join(" or ")] : []),
      ...(fields[required] === undefined ? [required] : []),
    ];
    if (missing.length > 0) {
      throw new InvalidInput(
        `${path}:1: expected a column ${missing.join(", ")}; the header is "${shown}".`,
      );
    }
    const used = new Set([day, symbol, ...Object.values(fields)]);
    const ignored = columns.filter((_, at) => !used.has(at)).map(({ name }) => name);
    return { ...common, shape: "long", day, symbol, fields, ignored };
  }
  const dayColumn = day >= 0 ? day : common.format === "csv" && common.dayFirst ? 0 : -1;
  const symbols = columns.flatMap((_, at) => (at === dayColumn ? [] : [at]));
  if (dayColumn < 0 || symbols.length === 0) {
    throw new InvalidInput(
      `${path}:1: expected a header "date,ticker,${required}" (long) or "date,AAPL,MSFT,..." (wide), got "${shown}".`,
    );
  }
  return { ...common, shape: "wide", day: dayColumn, symbols };
}

/** True where a cell begins with a day. */
function looksLikeDay(cell: string | undefined): boolean {
  return /^\d{4}-?\d{2}-?\d{2}/.test(cell ?? "");
}

async function readColumns(path: string): Promise<Omit<Common, "day"> & { dayFirst: boolean }> {
  const magic = await readMagic(path);
  if (magic.equals(Buffer.from("PAR1"))) {
    const columns = await readParquetSchema(path);
    return { path, format: "parquet", gzipped: false, delimiter: ",", columns, dayFirst: false };
  }
  const gzipped = magic[0] === 0x1f && magic[1] === 0x8b;
  const { header, first, delimiter } = await readCsvHead(path, gzipped);
  const columns = header.map((name) => ({ name, type: "String" }));
  // A first line that begins with a day is no header.
  const dayFirst = looksLikeDay(first[0]) && !looksLikeDay(header[0]);
  return { path, format: "csv", gzipped, delimiter, columns, dayFirst };
}

async function readMagic(path: string): Promise<Buffer> {
  let file;
  try {
    file = await open(path);
  } catch {
    throw new InvalidInput(`${path}: no such file, or it can't be read.`);
  }
  try {
    const magic = Buffer.alloc(4);
    const { bytesRead } = await file.read(magic, 0, 4, 0);
    return magic.subarray(0, bytesRead);
  } catch {
    throw new InvalidInput(`${path}: expected a file, and it can't be read as one.`);
  } finally {
    await file.close();
  }
}
