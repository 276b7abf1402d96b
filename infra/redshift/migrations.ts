import { readdirSync, readFileSync } from "node:fs";

/** A statement that makes schema and roles, as it stands in a numbered file of this folder. */
export interface Migration {
  /** Number and what it does, as `0001-schema`. */
  readonly name: string;
  readonly sql: string;
}

/** What the statements make: the schema of published tables, and the publishing job's role in the database. */
export const redshiftNames = { database: "quarry", schema: "quarry", writer: "quarry_writer" };

/**
 * Statements in the order of their numbers, one a file; files are added, and never edited once they have run somewhere.
 *
 * Each can run again with no harm, and will: the Data API forgets a statement after a day, so that a refresh of the stack
 * takes it for one that never ran.
 */
export function migrations(): Migration[] {
  return readdirSync(new URL(".", import.meta.url))
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => ({
      name: file.replace(/\.sql$/, ""),
      sql: readFileSync(new URL(file, import.meta.url), "utf8").trimEnd(),
    }));
}
