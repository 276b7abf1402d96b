import { Busy } from "../errors.ts";
import { contentHash } from "../objects/file-store.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { DataFile } from "./iceberg/avro.ts";
import { commit, readTable, type TableState } from "./iceberg/table.ts";
import { currentSnapshot } from "./iceberg/metadata.ts";
import type { PartitionValue } from "./iceberg/values.ts";
import type { TableFolder } from "./table-folder.ts";
import { parquetStats } from "./parquet-stats.ts";
import type { PublishRow } from "../warehouse/tables/publishes.ts";
import type { PublishedName, PublishedTable } from "./tables.ts";

/** Raised when the same rows are to be other files: another packing, another order. */
const layout = 1;

/** A partition as the warehouse has it now. */
interface Partition {
  readonly values: Readonly<Record<string, PartitionValue>>;
  /** Folder and file, by its content. */
  readonly name: string;
  readonly rows: number;
}

/** What a table in the lake lacks, and has too much. */
export interface TableChange {
  readonly state: TableState;
  /** What the rows are made of; the same is the same rows. */
  readonly source: string;
  /** Partitions whose files are to be written. */
  readonly add: readonly Partition[];
  /** Files that are no more. */
  readonly remove: readonly DataFile[];
  /** Partitions that stay as they are. */
  readonly same: number;
}

export interface PublishDeps {
  readonly warehouse: Warehouse;
  readonly folder: TableFolder;
  /** What is published was known at this moment, ms since 1970; undefined for all that is known. */
  readonly asOfMs: number | undefined;
  /** Address of the lake: rows of another one are left out. */
  readonly target: string;
}

/** Far from now: everything is known. */
const noEndMs = Date.UTC(2100, 0, 1);

const bound = ({ asOfMs = noEndMs, target }: Pick<PublishDeps, "asOfMs" | "target">) => ({
  asOf: Math.floor(asOfMs / 1000),
  target,
});

/**
 * Looks what of a table is another in the lake than here: by the parts that its rows are made of first, and where those changed by the
 * content of each partition.
 */
export async function changeOf(table: PublishedTable, deps: PublishDeps): Promise<TableChange> {
  const { folder } = deps;
  const state = await readTable(folder, table);
  const source = await sourceOf(table, deps);
  const live = state.live.map(({ file }) => file);
  const snapshot = state.metadata && currentSnapshot(state.metadata);
  if (snapshot?.summary["quarry.source"] === source) {
    return { state, source, add: [], remove: [], same: live.length };
  }
  const partitions = await partitionsOf(table, deps);
  const byPath = new Map(live.map((file) => [file.path, file]));
  const add = partitions.filter(({ name }) => !byPath.has(folder.uriOf(name)));
  const wanted = new Set(partitions.map(({ name }) => folder.uriOf(name)));
  const remove = live.filter(({ path }) => !wanted.has(path));
  return { state, source, add, remove, same: partitions.length - add.length };
}

/** A hash of all that a table's rows depend on, without looking at them. */
async function sourceOf(
  { sources, select, columns, order }: PublishedTable,
  deps: PublishDeps,
): Promise<string> {
  const [row] = await deps.warehouse.rows<{ parts: string }>(
    `SELECT lower(hex(SHA256(arrayStringConcat(arraySort(groupArray(concat(table, ' ', name, ' ', hash_of_all_files))), '\\n')))) AS parts
     FROM system.parts WHERE active AND database = currentDatabase() AND table IN {sources:Array(String)}`,
    { sources },
  );
  return contentHash(
    JSON.stringify([layout, row!.parts, select, columns, order, Object.values(bound(deps))]),
  );
}

/** The partitions that there are, and the content of each. */
async function partitionsOf(
  { select, columns, partitions, partitionSql, order }: PublishedTable,
  deps: PublishDeps,
): Promise<Partition[]> {
  const names = columns.map(({ name }) => name).join(", ");
  const keys = partitions.map(({ name }) => `${partitionSql[name]!} AS p_${name}`);
  const groups = partitions.map(({ name }) => `p_${name}`).join(", ");
  // A tuple, as a hash of several arguments is NULL where one of them is: rows with a missing cell would count for nothing.
  const rows = await deps.warehouse.rows<Record<string, string | number>>(
    `SELECT ${[...keys, "count() AS n"].join(", ")},
       toString(sum(sipHash64(tuple(${names})))) AS added, toString(groupBitXor(sipHash64(tuple(1, ${names})))) AS mixed
     FROM (${select}) ${groups === "" ? "HAVING n > 0" : `GROUP BY ${groups} ORDER BY ${groups}`}`,
    bound(deps),
  );
  return rows.map((row) => {
    const values = Object.fromEntries(
      partitions.map(({ name }) => [name, row[`p_${name}`]!] as const),
    );
    const content = contentHash(
      JSON.stringify([layout, columns, order, values, row["n"], row["added"], row["mixed"]]),
    ).slice(0, 40);
    const place = Object.entries(values).map(
      ([name, value]) =>
        `${name}=${pathValue(partitions, name, value).replaceAll(/[^\w.-]/g, "_")}/`,
    );
    return { values, rows: Number(row["n"]), name: `data/${place.join("")}${content}.parquet` };
  });
}

/** A year is called by its number in folders. */
const pathValue = (
  partitions: PublishedTable["partitions"],
  name: string,
  value: string | number,
): string =>
  partitions.find((one) => one.name === name)!.transform === "year"
    ? String(Number(value) + 1970)
    : String(value);

/**
 * Writes what a table lacks, and commits all of it as one snapshot. Files are named by what is in them: what a publish that died has
 * left is taken as it is.
 *
 * @returns the snapshot's id; undefined where there was nothing to change
 * @throws Busy when somebody else committed meanwhile, or changed what was written
 */
export async function publishTable(
  table: PublishedTable,
  change: TableChange,
  deps: PublishDeps,
  told: {
    readonly runId: string;
    readonly codeVersion: string;
    readonly nowMs: number;
    readonly keepSinceMs: number;
    readonly wrote?: () => void;
  },
  signal: AbortSignal,
): Promise<number | undefined> {
  const { folder } = deps;
  const { state, add, remove, source } = change;
  if (add.length === 0 && remove.length === 0) {
    if (state.at !== undefined) await folder.settle(state.at);
    return undefined;
  }
  const files: DataFile[] = [];
  for (const partition of add) {
    signal.throwIfAborted();
    files.push(await writePartition(table, partition, deps));
    told.wrote?.();
  }
  await checkUnchanged(table, change, deps);
  return commit(folder, table, state, {
    add: files,
    remove: new Set(remove.map(({ path }) => path)),
    summary: {
      "quarry.run": told.runId,
      "quarry.code-version": told.codeVersion,
      "quarry.as-of": new Date(deps.asOfMs ?? noEndMs).toISOString(),
      "quarry.source": source,
    },
    keepSinceMs: told.keepSinceMs,
    nowMs: told.nowMs,
  });
}

/**
 * Makes sure that what was written is what was hashed.
 *
 * @throws Busy when a partition was changed meanwhile: its file is taken away, and nothing is committed
 */
async function checkUnchanged(
  table: PublishedTable,
  { add, source }: TableChange,
  deps: PublishDeps,
): Promise<void> {
  // No part is another: no row is.
  if ((await sourceOf(table, deps)) === source) return;
  const now = new Set((await partitionsOf(table, deps)).map(({ name }) => name));
  const changed = add.filter(({ name }) => !now.has(name));
  for (const { name } of changed) await deps.folder.remove(deps.folder.uriOf(name));
  if (changed.length > 0) throw changedMeanwhile(changed[0]!.name);
}

const changedMeanwhile = (name: string): Busy =>
  new Busy(
    `${name} was changed while it was written: nothing was published; run the same command again.`,
  );

async function writePartition(
  { select, columns, partitions, partitionSql, order }: PublishedTable,
  { name, values, rows }: Partition,
  deps: PublishDeps,
): Promise<DataFile> {
  const { warehouse, folder } = deps;
  const names = columns.map((column) => column.name).join(", ");
  const where = partitions.map(
    (one) =>
      `${partitionSql[one.name]!} = {p_${one.name}:${one.transform === "year" ? "Int32" : "String"}}`,
  );
  const sql = `SELECT ${names} FROM (${select}) ${where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`} ORDER BY ${order}`;
  const parameters = {
    ...bound(deps),
    ...Object.fromEntries(Object.entries(values).map(([field, value]) => [`p_${field}`, value])),
  };
  const stats = await folder.bring(
    name,
    (path) => warehouse.exportParquet(path, sql, parameters),
    async (path) => {
      const written = await parquetStats(path, columns);
      if (written.rows !== rows) throw changedMeanwhile(name);
      return written;
    },
  );
  return { path: folder.uriOf(name), partition: values, ...stats };
}

/** What snapshots of a table that are kept say of themselves, oldest first. */
export async function snapshotsOf(
  folder: TableFolder,
  name: PublishedName,
): Promise<Omit<PublishRow, "target" | "table">[]> {
  const { metadata } = await readTable(folder, { name });
  return (metadata?.snapshots ?? []).map(({ summary, ...snapshot }) => {
    const asOfMs = Date.parse(summary["quarry.as-of"] ?? "");
    return {
      snapshot: String(snapshot["snapshot-id"]),
      runId: summary["quarry.run"] ?? "",
      codeVersion: summary["quarry.code-version"] ?? "",
      asOfMs: asOfMs < noEndMs ? asOfMs : undefined,
      rows: Number(summary["total-records"]),
      publishedMs: snapshot["timestamp-ms"],
    };
  });
}
