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
  /** Settings of ClickHouse that reading it needs. */
  readonly settings: readonly string[];
  readonly parameters: Parameters;
}

/** Line numbers count from 1, the header is line 1; a Parquet row counts the same way. */
const line = "rowNumberInAllBlocks() + 2 AS line";

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
  return {
    source: { path: file.path, format: csv ? "CSV" : "Parquet", structure: structure.join(", ") },
    ...(file.shape === "long" ? longRows(file, plain) : wideRows(file, plain)),
    settings: csv
      ? [
          "input_format_csv_skip_first_lines = 1",
          "input_format_csv_allow_variable_number_of_columns = 1",
          `format_csv_delimiter = '${file.delimiter}'`,
        ]
      : [],
  };
}

type Rows = Pick<TableFile, "rows" | "record" | "parameters">;

function longRows(file: LongFile, plain: string): Rows {
  const cells = file.columns.map((_, at) => textCell(`c${at}`));
  // A blank line is no row.
  const something = file.format === "csv" ? `WHERE c0 != '' OR ${cells[file.symbol]!} != ''` : "";
  return {
    rows: `(SELECT * FROM (SELECT *, ${line} FROM ${plain}) ${something})`,
    record: `arrayStringConcat([${cells.join(", ")}], ',')`,
    parameters: {},
  };
}

function wideRows(file: WideFile, plain: string): Rows {
  const dayColumn = `c${file.day}`;
  const cells = file.symbols.map((at) => textCell(`c${at}`));
  return {
    // Empty cells are days on which a name has no value: no rows, and no errors.
    rows: `(
      SELECT day, day_text, line, pair.1 AS symbol, pair.2 AS cell
      FROM (
        SELECT ${dayCell(file.columns[file.day]!.type, dayColumn)} AS day, ${textCell(dayColumn)} AS day_text, ${line},
          arrayJoin(arrayZip({symbols:Array(String)}, [${cells.join(", ")}])) AS pair
        FROM ${plain})
      WHERE lower(cell) NOT IN ('', 'null', 'nan', 'na', 'n/a'))`,
    record: "concat(day_text, ',', symbol, ',', cell)",
    parameters: { symbols: file.symbols.map((at) => file.columns[at]!.name.trim()) },
  };
}
