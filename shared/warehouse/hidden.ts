import { Failed } from "../errors.ts";
import type { Warehouse } from "./warehouse.ts";

/** What was not known at a moment, by table; of a table that is not named, rows whose `known_at` is later. */
const rules: Readonly<Record<string, string>> = {
  sessions: "true",
  price_sources: "true",
  schema_migrations: "true",
  // A security is there from its first session on.
  securities: "toDateTime(first_day, 'America/New_York') + INTERVAL 570 MINUTE <= {at}",
  filings: "(issuer_id, accession) IN {knownFilings}",
  facts: "(issuer_id, accession) IN {knownFilings}",
};

/** Tables from which no factor is made: what was computed, judged, and done. */
const derived: ReadonlySet<string> = new Set([
  "factor_values",
  "exposures",
  "publishes",
  "evaluations",
  "trials",
  "runs",
  "loads",
  "ledger",
  "quarantine",
  "fact_flags",
  "filing_documents",
  "filing_items",
]);

/** A filing has the time of its best row, whatever a lesser one says. */
const knownFilings =
  "(SELECT issuer_id, accession FROM {from}.filings GROUP BY issuer_id, accession HAVING argMax(known_at, rank) <= {at})";

/**
 * Shows a warehouse as it was known at a moment: every row of every table that became known later is hidden, nothing is copied.
 *
 * @param atMs ms since 1970 UTC
 * @param only tables whose rows are hidden; all by default
 * @param database that shows it while the work lasts: one at a time under one name
 * @throws Failed for a table of which nobody has said since when its rows are known
 */
export async function asKnownAt<Result>(
  warehouse: Warehouse,
  atMs: number,
  work: (hidden: Warehouse) => Promise<Result>,
  only?: ReadonlySet<string>,
  database = "quarry_hidden",
): Promise<Result> {
  const tables = await warehouse.rows<{ name: string; dated: number; here: string }>(
    `SELECT name, name IN (SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'known_at') AS dated,
       currentDatabase() AS here
     FROM system.tables WHERE database = currentDatabase() AND NOT match(name, '^(staging|publish|incoming)_') ORDER BY name`,
  );
  await warehouse.command(`DROP DATABASE IF EXISTS ${database} SYNC`);
  await warehouse.command(`CREATE DATABASE ${database}`);
  try {
    for (const { name, dated, here } of tables) {
      if (derived.has(name)) continue;
      const rule = rules[name] ?? (dated === 1 ? "known_at <= {at}" : undefined);
      if (rule === undefined) {
        throw new Failed(
          `Table ${name} says of its rows not since when they are known: give it a rule in shared/warehouse/hidden.ts.`,
        );
      }
      const isHidden = only === undefined || only.has(name);
      const condition = (isHidden ? rule : "true")
        .replace("{knownFilings}", knownFilings)
        .replaceAll("{from}", here)
        .replaceAll("{at}", `toDateTime(${Math.floor(atMs / 1000)}, 'UTC')`);
      await warehouse.command(
        `CREATE VIEW ${database}.${name} AS SELECT * FROM ${here}.${name} WHERE ${condition}`,
      );
    }
    return await warehouse.within(database, work);
  } finally {
    await warehouse.command(`DROP DATABASE IF EXISTS ${database} SYNC`);
  }
}

/** Tables from which factors are made, and of which rows can be hidden. */
export async function hideableTables(warehouse: Warehouse): Promise<string[]> {
  const rows = await warehouse.rows<{ name: string }>(
    "SELECT DISTINCT table AS name FROM system.columns WHERE database = currentDatabase() AND name = 'known_at' ORDER BY name",
  );
  return [...new Set([...rows.map(({ name }) => name), "securities", "facts"])]
    .filter((name) => !derived.has(name) && !/^(staging|publish|incoming)_/.test(name))
    .sort();
}
