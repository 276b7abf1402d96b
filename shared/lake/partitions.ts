import { Busy } from "../errors.ts";
import { contentHash } from "../objects/file-store.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { PartitionValue } from "./iceberg/values.ts";
import { parquetStats, type ParquetStats } from "./parquet-stats.ts";
import type { PublishedTable } from "./tables.ts";

/** Raised when the same rows are to be other files: another packing, another order. */
const layout = 1;

/** What is published: of which warehouse, as it was known when, for whom. */
export interface PublishSource {
  readonly warehouse: Warehouse;
  /** What is published was known at this moment, ms since 1970; undefined for all that is known. */
  readonly asOfMs: number | undefined;
  /** Address of the lake or database: rows of another one are left out. */
  readonly target: string;
}

/** A partition as the warehouse has it now. */
export interface Partition {
  readonly values: Readonly<Record<string, PartitionValue>>;
  /** A hash of its rows, columns and order. */
  readonly content: string;
  readonly rows: number;
}

/** Far from now: everything is known. */
export const noEndMs = Date.UTC(2100, 0, 1);

/** Values of the parameters of a table's `select`. */
export const boundOf = ({ asOfMs = noEndMs, target }: PublishSource) => ({
  asOf: Math.floor(asOfMs / 1000),
  target,
});

/** A hash of all that a table's rows depend on, without looking at them. */
export async function sourceOf(
  { sources, select, columns, order }: PublishedTable,
  source: PublishSource,
): Promise<string> {
  const [row] = await source.warehouse.rows<{ parts: string }>(
    `SELECT lower(hex(SHA256(arrayStringConcat(arraySort(groupArray(concat(table, ' ', name, ' ', hash_of_all_files))), '\\n')))) AS parts
     FROM system.parts WHERE active AND database = currentDatabase() AND table IN {sources:Array(String)}`,
    { sources },
  );
  return contentHash(
    JSON.stringify([layout, row!.parts, select, columns, order, Object.values(boundOf(source))]),
  );
}

/** The partitions that there are, and the content of each. */
export async function partitionsOf(
  { select, columns, partitions, partitionSql, order }: PublishedTable,
  source: PublishSource,
): Promise<Partition[]> {
  const names = columns.map(({ name }) => name).join(", ");
  const keys = partitions.map(({ name }) => `${partitionSql[name]!} AS p_${name}`);
  const groups = partitions.map(({ name }) => `p_${name}`).join(", ");
  // A tuple, as a hash of several arguments is NULL where one of them is: rows with a missing cell would count for nothing.
  const rows = await source.warehouse.rows<Record<string, string | number>>(
    `SELECT ${[...keys, "count() AS n"].join(", ")},
       toString(sum(sipHash64(tuple(${names})))) AS added, toString(groupBitXor(sipHash64(tuple(1, ${names})))) AS mixed
     FROM (${select}) ${groups === "" ? "HAVING n > 0" : `GROUP BY ${groups} ORDER BY ${groups}`}`,
    boundOf(source),
  );
  return rows.map((row) => {
    const values = Object.fromEntries(
      partitions.map(({ name }) => [name, row[`p_${name}`]!] as const),
    );
    const content = contentHash(
      JSON.stringify([layout, columns, order, values, row["n"], row["added"], row["mixed"]]),
    ).slice(0, 40);
    return { values, content, rows: Number(row["n"]) };
  });
}

/** The file of a partition under its table's folder, named by its content. */
export function fileOf(
  { partitions }: Pick<PublishedTable, "partitions">,
  { values, content }: Partition,
): string {
  const folders = partitions.map(({ name, transform }) => {
    const value = values[name]!;
    // A year is called by its number.
    const text = transform === "year" ? String(Number(value) + 1970) : String(value);
    return `${name}=${text.replaceAll(/[^\w.-]/g, "_")}/`;
  });
  return `data/${folders.join("")}${content}.parquet`;
}

/** Writes a partition's rows to a file of this machine. */
export async function exportPartition(
  { select, columns, partitions, partitionSql, order }: PublishedTable,
  { values }: Partition,
  source: PublishSource,
  path: string,
): Promise<void> {
  const names = columns.map((column) => column.name).join(", ");
  const where = partitions.map(
    (one) =>
      `${partitionSql[one.name]!} = {p_${one.name}:${one.transform === "year" ? "Int32" : "String"}}`,
  );
  await source.warehouse.exportParquet(
    path,
    `SELECT ${names} FROM (${select}) ${where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`} ORDER BY ${order}`,
    {
      ...boundOf(source),
      ...Object.fromEntries(Object.entries(values).map(([field, value]) => [`p_${field}`, value])),
    },
  );
}

/**
 * What the foot of a partition's file says.
 *
 * @throws Busy when it has not the rows that were counted
 */
export async function statsOf(
  table: PublishedTable,
  partition: Partition,
  path: string,
): Promise<ParquetStats> {
  const stats = await parquetStats(path, table.columns);
  if (stats.rows !== partition.rows) throw changedMeanwhile(fileOf(table, partition));
  return stats;
}

/**
 * Tells which of the partitions that were written are no more what was hashed.
 *
 * @param before what the table's rows depended on when they were hashed
 */
export async function changedSince(
  table: PublishedTable,
  written: readonly Partition[],
  before: string,
  source: PublishSource,
): Promise<Partition[]> {
  // No part is another: no row is.
  if ((await sourceOf(table, source)) === before) return [];
  const now = new Set((await partitionsOf(table, source)).map((one) => fileOf(table, one)));
  return written.filter((one) => !now.has(fileOf(table, one)));
}

export const changedMeanwhile = (name: string): Busy =>
  new Busy(
    `${name} was changed while it was written: nothing was published; run the same command again.`,
  );
