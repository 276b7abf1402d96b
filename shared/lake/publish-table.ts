import type { PublishRow } from "../warehouse/tables/publishes.ts";
import type { DataFile } from "./iceberg/avro.ts";
import { currentSnapshot } from "./iceberg/metadata.ts";
import { commit } from "./iceberg/commit.ts";
import { readTable, type TableState } from "./iceberg/table.ts";
import {
  changedMeanwhile,
  changedSince,
  exportPartition,
  fileOf,
  noEndMs,
  partitionsOf,
  sourceOf,
  statsOf,
  type Partition,
  type PublishSource,
} from "./partitions.ts";
import type { TableFolder } from "./table-folder.ts";
import type { PublishedName, PublishedTable } from "./tables.ts";

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

export interface PublishDeps extends PublishSource {
  readonly folder: TableFolder;
}

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
  const uris = partitions.map((partition) => folder.uriOf(fileOf(table, partition)));
  const [there, wanted] = [new Set(live.map(({ path }) => path)), new Set(uris)];
  const add = partitions.filter((_, at) => !there.has(uris[at]!));
  const remove = live.filter(({ path }) => !wanted.has(path));
  return { state, source, add, remove, same: partitions.length - add.length };
}

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
  const changed = await changedSince(table, add, source, deps);
  for (const partition of changed) await folder.remove(folder.uriOf(fileOf(table, partition)));
  if (changed.length > 0) throw changedMeanwhile(fileOf(table, changed[0]!));
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

async function writePartition(
  table: PublishedTable,
  partition: Partition,
  deps: PublishDeps,
): Promise<DataFile> {
  const { folder } = deps;
  const name = fileOf(table, partition);
  const stats = await folder.bring(
    name,
    (path) => exportPartition(table, partition, deps, path),
    (path) => statsOf(table, partition, path),
  );
  return { path: folder.uriOf(name), partition: partition.values, ...stats };
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
