import type { Warehouse } from "../../shared/warehouse/warehouse.ts";

/** Names of all tables. */
export async function tableNames(warehouse: Warehouse): Promise<string[]> {
  const rows = await warehouse.rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

/** Rows of every table, by name. */
export async function tableCounts(warehouse: Warehouse): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of await tableNames(warehouse)) {
    const rows = await warehouse.rows<{ n: number }>(`SELECT count() AS n FROM ${name}`);
    counts[name] = rows[0]!.n;
  }
  return counts;
}

/** Tables that live as long as one admission or computation. */
export async function passingTables(warehouse: Warehouse): Promise<string[]> {
  return (await tableNames(warehouse)).filter((name) => /^(staging|publish|incoming)_/.test(name));
}
