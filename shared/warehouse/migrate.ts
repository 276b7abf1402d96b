import { readdirSync, readFileSync } from "node:fs";
import { Failed } from "../errors.ts";
import { ensureSessions } from "./tables/sessions.ts";
import type { Warehouse } from "./warehouse.ts";

const schemaFolder = new URL("schema/", import.meta.url);

/** One numbered SQL file. */
interface Migration {
  readonly number: number;
  readonly statements: readonly string[];
}

/** The migrations in `schema/`, by number. A file, once landed, is never edited. */
export function migrations(): Migration[] {
  return readdirSync(schemaFolder)
    .filter((name) => /^\d{4}\.sql$/.test(name))
    .sort()
    .map((name) => ({
      number: Number(name.slice(0, 4)),
      statements: statementsOf(readFileSync(new URL(name, schemaFolder), "utf8")),
    }));
}

function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/^\s*--.*$/gm, "")
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/**
 * Brings the tables to what this code knows. Running it again does nothing.
 *
 * @throws Failed when the warehouse was written by a newer Quarry
 */
export async function migrate(warehouse: Warehouse): Promise<void> {
  await warehouse.command(
    `CREATE TABLE IF NOT EXISTS schema_migrations (number UInt16, applied_at DateTime('UTC'))
     ENGINE = ReplacingMergeTree(applied_at) ORDER BY number`,
  );
  const applied = await warehouse.rows<{ number: number }>(
    "SELECT max(number) AS number FROM schema_migrations",
  );
  const current = applied[0]?.number ?? 0;
  const known = migrations();
  const newest = known.at(-1)?.number ?? 0;
  if (current > newest) {
    throw new Failed(
      `The warehouse at ${warehouse.location} has schema ${current}, this Quarry knows up to ${newest}: use the newer Quarry that wrote it.`,
    );
  }
  for (const { number, statements } of known) {
    if (number <= current) continue;
    for (const statement of statements) await warehouse.command(statement);
    await warehouse.command("INSERT INTO schema_migrations SELECT {number:UInt16}, now()", {
      number,
    });
  }
  await ensureSessions(warehouse);
}
