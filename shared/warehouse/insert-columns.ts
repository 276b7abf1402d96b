import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeNative, rowsOf, structureOf, type WriteColumn } from "./native/writer.ts";
import type { Warehouse } from "./warehouse.ts";

/**
 * Inserts typed columns into a table, by a file in ClickHouse's Native format: no row object, no JSON.
 *
 * @param table its columns are those given, by name; the others take their defaults
 */
export async function insertColumns(
  warehouse: Warehouse,
  table: string,
  columns: readonly WriteColumn[],
): Promise<void> {
  if (columns[0] === undefined || rowsOf(columns[0]) === 0) return;
  const folder = await mkdtemp(join(tmpdir(), "quarry-"));
  try {
    const path = join(folder, "columns.native");
    await writeFile(path, encodeNative(columns));
    const names = columns.map(({ name }) => name).join(", ");
    await warehouse.insertFrom(
      { path, format: "Native", structure: structureOf(columns) },
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM {file}`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
