import type { LongFile, WideFile } from "../../sources/files/price-file.ts";
import type { Parameters, SourceFile } from "../warehouse.ts";
import { dayCell, textCell } from "./cells.ts";

/** A file of days and symbols as SQL reads it. */
export interface TableFile {
  readonly source: SourceFile;
  /**
   * A FROM clause. Of a long file its columns are c0, c1, ..., all of them, and `line`; of a wide one `symbol`, `day`,
   * `day_text`, `cell` (text) and `line`, a row a cell that holds something.
   */
  readonly rows: string;
  /** SQL of the text of a row, for messages. */
  readonly record: string;
  /** SQL of why the cells of a row can't be told apart, '' where they can. */
  readonly flaw: string;
  /** Settings of ClickHouse that reading it needs. */
  readonly settings: readonly string[];
  readonly parameters: Parameters;
}

/** Line numbers count from 1, the header is line 1; a Parquet row counts the same way. */
const line = "rowNumberInAllBlocks() + 2 AS line";

/** A row that goes on over the end of its line has swallowed the rows below. */
export const openQuote = "a quote that is not closed on its line";

/** What a line holds beyond the header's columns. */
const surplus = "surplus";

function flawOf(cells: readonly string[]): string {
  const goesOn = cells.map((cell) => `position(${cell}, '\\n') > 0`).join(" OR ");
  return `multiIf(${goesOn}, '${openQuote}', ${surplus} != '', 'more cells than the header', '')`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
}

/** How SQL reads a file that `inspectTable` looked at. */
export function tableFile(file: LongFile | WideFile): TableFile {
  const csv = file.format === "csv";
  // The file's own column names could be anything, and are left behind here.
  const plain = csv
    ? "{file}"
    : `(SELECT ${file.columns.map(({ name }, at) => `${quoted(name)} AS c${at}`).join(", ")} FROM {file})`;
  const structure = file.columns.map(
    ({ name, type }, at) => `${csv ? `c${at}` : quoted(name)} ${type}`,
  );
  if (csv) structure.push(`${surplus} String`);
  return {
    source: {
      path: file.path,
      format: csv ? "CSV" : "Parquet",
      structure: structure.join(", "),
      gzipped: file.gzipped,
    },
    ...(file.shape === "long" ? longRows(file, plain) : wideRows(file, plain)),
    settings: csv
      ? [
          "input_format_csv_skip_first_lines = 1",
          "input_format_csv_allow_variable_number_of_columns = 1",
          `format_csv_delimiter = '${file.delimiter}'`,
          ...(file.delimiter === "\t"
            ? ["input_format_csv_allow_whitespace_or_tab_as_delimiter = 1"]
            : []),
        ]
      : // Row groups that are read in any order would leave the numbers of rows to chance.
        ["input_format_parquet_preserve_order = 1"],
  };
}

type Rows = Pick<TableFile, "rows" | "record" | "flaw" | "parameters">;

function longRows(file: LongFile, plain: string): Rows {
  const csv = file.format === "csv";
  const names = [...file.columns.map((_, at) => `c${at}`), ...(csv ? [surplus] : [])];
  // A blank line is no row.
  const something = csv ? `WHERE ${names.map((name) => `${name} != ''`).join(" OR ")}` : "";
  const record = `arrayStringConcat([${names.map(textCell).join(", ")}], ',')`;
  return {
    rows: `(SELECT * FROM (SELECT *, ${line} FROM ${plain}) ${something})`,
    record: csv
      ? `if(${surplus} = '', substring(${record}, 1, length(${record}) - 1), ${record})`
      : record,
    flaw: csv ? flawOf(names) : "''",
    parameters: {},
  };
}

function wideRows(file: WideFile, plain: string): Rows {
  const csv = file.format === "csv";
  const dayColumn = `c${file.day}`;
  // Short, as there may be thousands, and a statement travels to a server in the address.
  const cells = file.symbols.map((at) => (csv ? `c${at}` : `toString(c${at})`));
  return {
    // Empty cells are days on which a name has no value: no rows, and no errors.
    rows: `(
      SELECT day, day_text, line, pair.1 AS symbol, trimBoth(ifNull(pair.2, '')) AS cell, ${csv ? surplus : "'' AS surplus"}
      FROM (
        SELECT ${dayCell(file.columns[file.day]!.type, dayColumn)} AS day, ${textCell(dayColumn)} AS day_text, ${line},${csv ? ` ${surplus},` : ""}
          arrayJoin(arrayZip({symbols:Array(String)}, [${cells.join(", ")}])) AS pair
        FROM ${plain})
      WHERE lower(cell) NOT IN ('', 'null', 'nan', 'na', 'n/a'))`,
    record: "concat(day_text, ',', symbol, ',', cell)",
    flaw: csv ? flawOf(["day_text", "cell"]) : "''",
    parameters: { symbols: file.symbols.map((at) => file.columns[at]!.name.trim()) },
  };
}
