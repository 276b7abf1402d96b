import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  BOOLEAN,
  DATE,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBInstance,
  INTEGER,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";

/** A column of a file: its cells by row. */
export interface FileColumn {
  readonly name: string;
  readonly type: keyof typeof types;
  /** A text, a number, days since 1970, yes or no; null and NaN where it is missing. */
  readonly at: (row: number) => string | number | boolean | null;
}

const types = { text: VARCHAR, day: DATE, double: DOUBLE, int: INTEGER, bool: BOOLEAN } as const;

export type FileFormat = "parquet" | "csv";

/** Rows that are handed over at once. */
const chunkRows = 2048;

/** Writes tables as files, Parquet packed by zstd or CSV with a header: the same rows are the same bytes. */
export class TableFiles implements AsyncDisposable {
  readonly #instance: DuckDBInstance;
  readonly #scratch: string;
  readonly #format: FileFormat;

  private constructor(instance: DuckDBInstance, scratch: string, format: FileFormat) {
    this.#instance = instance;
    this.#scratch = scratch;
    this.#format = format;
  }

  /** @param folder where rows wait until their file is written */
  static async open(folder: string, format: FileFormat): Promise<TableFiles> {
    const scratch = join(folder, ".rows.duckdb");
    const instance = await DuckDBInstance.create(scratch, { threads: "1", memory_limit: "1GB" });
    return new TableFiles(instance, scratch, format);
  }

  /** Writes one file. */
  async write(path: string, columns: readonly FileColumn[], rows: number): Promise<void> {
    const connection = await this.#instance.connect();
    try {
      const list = columns.map(({ name, type }) => `"${name}" ${String(types[type])}`).join(", ");
      await connection.run(`CREATE OR REPLACE TABLE cells (${list})`);
      const appender = await connection.createAppender("cells");
      const chunkTypes: DuckDBType[] = columns.map(({ type }) => types[type]);
      for (let from = 0; from < rows; from += chunkRows) {
        const count = Math.min(chunkRows, rows - from);
        const chunk = DuckDBDataChunk.create(chunkTypes, count);
        for (const [at, column] of columns.entries()) {
          chunk.setColumnValues(
            at,
            Array.from({ length: count }, (_, row) => valueOf(column, from + row)),
          );
        }
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
      const options =
        this.#format === "parquet" ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, HEADER";
      await connection.run(`COPY cells TO '${path.replaceAll("'", "''")}' (${options})`);
      await connection.run("DROP TABLE cells");
    } finally {
      connection.closeSync();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#instance.closeSync();
    await rm(this.#scratch, { force: true });
    await rm(`${this.#scratch}.wal`, { force: true });
  }
}

function valueOf({ type, at }: FileColumn, row: number): DuckDBValue {
  const value = at(row);
  if (value === null || Number.isNaN(value)) return null;
  return type === "day" ? new DuckDBDateValue(value as number) : value;
}
