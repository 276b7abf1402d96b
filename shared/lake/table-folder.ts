import type { TableStore } from "./iceberg/table.ts";

/** The folder of a table: metadata and data, wherever it is. */
export interface TableFolder extends TableStore {
  /** URI of a file by its name under the folder. */
  uriOf(name: string): string;
  /**
   * Brings a file there. What is there under its name stays: names say what is in a file.
   *
   * @param write writes it to a path of this machine
   * @param read looks at it; what it throws leaves nothing there
   * @returns what `read` told
   */
  bring<Told>(
    name: string,
    write: (path: string) => Promise<void>,
    read: (path: string) => Promise<Told>,
  ): Promise<Told>;
  /** Names of all files in `metadata/`. */
  list(): Promise<string[]>;
  /** All files of data, and what is left of unfinished ones, by their URIs. */
  files(): Promise<string[]>;
  remove(uri: string): Promise<void>;
}

/** A place with tables. */
export interface Lake {
  /** What it is called in the table of publishes: a URI, or the ARN of a table bucket. */
  readonly address: string;
  table(name: string): Promise<TableFolder>;
}
