import type { Block } from "./native/column.ts";

/** Values bound to `{name:Type}` in a statement. */
export type Parameters = Readonly<
  Record<string, string | number | bigint | boolean | Date | null | readonly (string | number)[]>
>;

/** A file of this machine, or several that are read as one, their format and the columns in them. */
export interface SourceFile {
  readonly path: string | readonly string[];
  /** ClickHouse's name of the format: `Native`, `Parquet`, `CSV`, `CSVWithNames` ... */
  readonly format: string;
  /** The columns as ClickHouse writes them: `name Type, name Type`. */
  readonly structure: string;
  /** True when it is packed by gzip, whatever its name says. */
  readonly gzipped?: boolean;
}

/**
 * A ClickHouse, in this process or on a server: the same statements, the same numbers.
 * Values from outside travel as bound parameters, never inside the SQL.
 */
export interface Warehouse {
  readonly kind: "embedded" | "server";
  /** Where it is, for people: a folder or an address without credentials. */
  readonly location: string;

  /** Runs a statement that returns nothing. Settings of ClickHouse go into its SETTINGS clause. */
  command(sql: string, parameters?: Parameters): Promise<void>;

  /** A small result as row objects. 64-bit integers come as numbers; beyond 2^53 cast them to String in the SELECT. */
  rows<Row>(sql: string, parameters?: Parameters): Promise<Row[]>;

  /** The result of a statement that somebody else wrote: it may read, and change nothing. */
  readOnlyRows(sql: string): Promise<Record<string, unknown>[]>;

  /** A result of any size as blocks of typed columns, streamed. One stream at a time. */
  stream(sql: string, parameters?: Parameters): AsyncGenerator<Block>;

  /**
   * Runs an `INSERT INTO t SELECT ... FROM {file} WHERE ...` where `{file}` stands for the rows of a file.
   * ClickHouse in process reads the file itself; to a server it is streamed as the statement's input.
   */
  insertFrom(file: SourceFile, sql: string, parameters?: Parameters): Promise<void>;

  /**
   * Writes the rows of a SELECT to a new Parquet file of this machine, in their order, packed by zstd. Texts are texts, times must be
   * `DateTime64(6, 'UTC')`, and integers signed, for whoever reads them.
   */
  exportParquet(path: string, select: string, parameters?: Parameters): Promise<void>;

  /**
   * Works in another database of the same ClickHouse: names without a database mean its tables then. In process nothing else may
   * use this warehouse meanwhile.
   *
   * @param database an existing one
   */
  within<Result>(database: string, work: (there: Warehouse) => Promise<Result>): Promise<Result>;

  close(): Promise<void>;
}
