import type { Warehouse } from "./warehouse.ts";

/**
 * How rows come into a big table whole or not at all.
 *
 * They are gathered in a table of their own, `staging_<name>__<token>`, of the same structure. Renaming it to
 * `publish_...` is the commit: from then on its partitions are moved, or put in the place of those there, one after the
 * other, each in one step. A process
 * that dies before the rename leaves a staging table to drop; one that dies after it leaves moves that the next one ends.
 */
const stagingOf = (table: string, token: string): string => `staging_${table}__${token}`;
const publishOf = (table: string, token: string): string => `publish_${table}__${token}`;

/** Makes an empty table of a big table's structure. */
export async function createStaging(
  warehouse: Warehouse,
  table: string,
  token: string,
): Promise<string> {
  const staging = stagingOf(table, token);
  await warehouse.command(`DROP TABLE IF EXISTS ${staging} SYNC`);
  await warehouse.command(`CREATE TABLE ${staging} AS ${table}`);
  return staging;
}

/** Drops a staging table that will not be published; one that was is left alone. */
export async function dropStaging(
  warehouse: Warehouse,
  table: string,
  token: string,
): Promise<void> {
  await warehouse.command(`DROP TABLE IF EXISTS ${stagingOf(table, token)} SYNC`);
}

/** Tables whose partitions are replaced as a whole; rows of others are added to what is there. */
const replaced: ReadonlySet<string> = new Set(["factor_values", "exposures", "ledger"]);

/** Moves all rows of a staging table into its table, and drops it. */
export async function publish(warehouse: Warehouse, table: string, token: string): Promise<void> {
  await warehouse.command(`RENAME TABLE ${stagingOf(table, token)} TO ${publishOf(table, token)}`);
  await finish(warehouse, table, token);
}

async function finish(warehouse: Warehouse, table: string, token: string): Promise<void> {
  const from = publishOf(table, token);
  const partitions = await warehouse.rows<{ id: string }>(
    "SELECT DISTINCT partition_id AS id FROM system.parts WHERE database = currentDatabase() AND table = {from:String} AND active ORDER BY id",
    { from },
  );
  for (const { id } of partitions) {
    await warehouse.command(
      replaced.has(table)
        ? `ALTER TABLE ${table} REPLACE PARTITION ID '${id}' FROM ${from}`
        : `ALTER TABLE ${from} MOVE PARTITION ID '${id}' TO TABLE ${table}`,
    );
  }
  await warehouse.command(`DROP TABLE ${from} SYNC`);
}

/** Ends what a process that died left: moves that were committed go on, everything else is dropped. */
export async function recover(warehouse: Warehouse): Promise<void> {
  const left = await warehouse.rows<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase()
     AND match(name, '^(staging|publish|incoming)_') ORDER BY name`,
  );
  for (const { name } of left) {
    const committed = /^publish_(\w+?)__(\w+)$/.exec(name);
    if (committed) await finish(warehouse, committed[1]!, committed[2]!);
    else await warehouse.command(`DROP TABLE ${name} SYNC`);
  }
}
