import type { Batch } from "./transaction.ts";

/** A cell of a result. */
export type Cell = string | number | boolean | null;

/** A database of Redshift, by whatever reaches it. */
export interface RedshiftSession {
  /** What it is called, for people and in the table of publishes. */
  readonly address: string;
  /** Runs one statement and reads its rows, by column; `:name` in it are bound. */
  rows(sql: string, parameters?: Readonly<Record<string, string>>): Promise<Record<string, Cell>[]>;
  /**
   * Runs statements as one transaction, once, however often it is asked: the same token is the same transaction.
   *
   * @throws StatementFailed when one fails: then nothing was changed
   */
  transaction(batch: Batch): Promise<void>;
}

/** A statement that Redshift refused, and its place among those of its transaction. */
export class StatementFailed extends Error {
  readonly place: number;

  constructor(message: string, place: number) {
    super(message);
    this.name = "StatementFailed";
    this.place = place;
  }
}
