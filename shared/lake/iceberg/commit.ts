import { randomInt, randomUUID } from "node:crypto";
import { Busy, InvalidInput } from "../../errors.ts";
import {
  added,
  deleted,
  existing,
  writeManifest,
  writeManifestList,
  type DataFile,
  type ManifestEntry,
  type ManifestFile,
} from "./avro.ts";
import { currentSnapshot, type Metadata, type Snapshot } from "./metadata.ts";
import { evolved, nameMapping, partitionFieldsJson, schemaJson } from "./schema.ts";
import { ownerProperty, type TableDefinition, type TableState, type TableStore } from "./table.ts";

/** What is to be changed by one snapshot. */
export interface Change {
  readonly add: readonly DataFile[];
  /** Paths of files whose rows are replaced, or gone. */
  readonly remove: ReadonlySet<string>;
  /** Said of the snapshot, beside its counts. */
  readonly summary: Readonly<Record<string, string>>;
  /** Snapshots older than that are let go, ms since 1970; the current one stays. */
  readonly keepSinceMs: number;
  readonly nowMs: number;
}

/**
 * Commits a change as one snapshot: manifests and their list first, the metadata last, which is the moment at which all of it is there.
 *
 * @param state that the change was made for
 * @returns the snapshot's id
 * @throws Busy when somebody else committed meanwhile: nothing was changed
 * @throws InvalidInput when the table there has other columns
 */
export async function commit(
  store: TableStore,
  definition: TableDefinition,
  state: TableState,
  change: Change,
): Promise<number> {
  const { columns, partitions, name } = definition;
  const { location } = store;
  const before = state.metadata ?? firstMetadata(definition, location, change.nowMs);
  const held = before.schemas.find((one) => one["schema-id"] === before["current-schema-id"])!;
  const grown = evolved(name, held, columns);
  const schema = grown ?? held;
  checkPartitions(definition, before);
  const parent = currentSnapshot(before);
  const sequence = before["last-sequence-number"] + 1;
  // Ids of 48 bits: every reader has a number for them.
  const snapshotId = randomInt(1, 2 ** 48 - 1);
  const kept = state.live
    .filter(({ file }) => !change.remove.has(file.path))
    .map((entry) => ({ ...entry, status: existing }));
  const gone = state.live
    .filter(({ file }) => change.remove.has(file.path))
    .map((entry) => ({ ...entry, status: deleted, snapshotId }));
  const fresh = change.add.map((file) => ({ status: added, snapshotId, sequence, file }));
  const about = {
    columns,
    partitions,
    schema: JSON.stringify(schema),
    schemaId: schema["schema-id"],
    spec: JSON.stringify(partitionFieldsJson(partitions)),
  };
  const manifests: ManifestFile[] = [];
  for (const [at, entries] of [[...kept, ...fresh], gone].entries()) {
    if (entries.length === 0) continue;
    const bytes = await writeManifest(entries, about);
    const file = `${snapshotId}-m${at}.avro`;
    await store.put(file, bytes);
    manifests.push({
      path: `${location}/metadata/${file}`,
      bytes: bytes.length,
      snapshotId,
      sequence,
      minSequence: Math.min(...entries.map((entry) => entry.sequence)),
      counts: {
        added: countOf(entries, added),
        existing: countOf(entries, existing),
        deleted: countOf(entries, deleted),
      },
    });
  }
  const listFile = `snap-${snapshotId}.avro`;
  const parentId = parent?.["snapshot-id"];
  const list = await writeManifestList(manifests, { snapshotId, parentId, sequence });
  await store.put(listFile, list);

  const snapshot: Snapshot = {
    "snapshot-id": snapshotId,
    ...(parentId !== undefined && { "parent-snapshot-id": parentId }),
    "sequence-number": sequence,
    "timestamp-ms": Math.max(change.nowMs, before["last-updated-ms"]),
    "manifest-list": `${location}/metadata/${listFile}`,
    summary: { ...summaryOf([...kept, ...fresh], fresh, gone), ...change.summary },
    "schema-id": schema["schema-id"],
  };
  const snapshots = before.snapshots.filter((one) => one["timestamp-ms"] >= change.keepSinceMs);
  const ids = new Set(snapshots.map((one) => one["snapshot-id"]));
  const { at } = state;
  const metadata: Metadata = {
    ...before,
    "last-sequence-number": sequence,
    "last-updated-ms": snapshot["timestamp-ms"],
    "last-column-id": Math.max(before["last-column-id"], ...columns.map(({ id }) => id)),
    "current-schema-id": schema["schema-id"],
    schemas: grown
      ? [...before.schemas, grown as unknown as Metadata["schemas"][number]]
      : before.schemas,
    properties: { ...before.properties, "schema.name-mapping.default": nameMapping(columns) },
    "current-snapshot-id": snapshotId,
    refs: { main: { "snapshot-id": snapshotId, type: "branch" } },
    snapshots: [...snapshots, snapshot],
    "snapshot-log": [
      ...before["snapshot-log"].filter((one) => ids.has(one["snapshot-id"])),
      { "snapshot-id": snapshotId, "timestamp-ms": snapshot["timestamp-ms"] },
    ],
    "metadata-log": [
      ...before["metadata-log"].slice(-99),
      ...(at === undefined
        ? []
        : [
            {
              "metadata-file": `${location}/metadata/${at.file}`,
              "timestamp-ms": before["last-updated-ms"],
            },
          ]),
    ],
  };
  const bytes = Buffer.from(JSON.stringify(metadata, null, 1));
  const now = await store.advance(at, bytes);
  if (now === undefined) {
    throw new Busy(
      `${location}: somebody else committed meanwhile: nothing was published; run the same command again.`,
    );
  }
  await store.settle(now);
  return snapshotId;
}

function firstMetadata(
  { name, columns, partitions }: TableDefinition,
  location: string,
  nowMs: number,
): Metadata {
  return {
    "format-version": 2,
    "table-uuid": randomUUID(),
    location,
    "last-sequence-number": 0,
    "last-updated-ms": nowMs,
    "last-column-id": Math.max(...columns.map(({ id }) => id)),
    "current-schema-id": 0,
    schemas: [schemaJson(columns, 0) as unknown as Metadata["schemas"][number]],
    "default-spec-id": 0,
    "partition-specs": [
      { "spec-id": 0, fields: partitionFieldsJson(partitions) as { [name: string]: unknown }[] },
    ],
    "last-partition-id": Math.max(999, ...partitions.map(({ id }) => id)),
    "default-sort-order-id": 0,
    "sort-orders": [{ "order-id": 0, fields: [] }],
    properties: { [ownerProperty]: name, "write.format.default": "parquet" },
    snapshots: [],
    "snapshot-log": [],
    "metadata-log": [],
  };
}

/** @throws InvalidInput where a table is cut in another way */
function checkPartitions(
  { name, partitions }: TableDefinition,
  { "partition-specs": specs }: Metadata,
): void {
  const [spec] = specs;
  if (JSON.stringify(spec?.fields) === JSON.stringify(partitionFieldsJson(partitions))) return;
  throw new InvalidInput(
    `The table ${name} in the lake has other partitions: publish to another folder, or remove it.`,
  );
}

function countOf(entries: readonly ManifestEntry[], status: number) {
  const of = entries.filter((entry) => entry.status === status);
  return { files: of.length, rows: rowsOf(of) };
}

const rowsOf = (entries: readonly ManifestEntry[]): number =>
  entries.reduce((sum, { file }) => sum + file.rows, 0);

function summaryOf(
  all: readonly ManifestEntry[],
  fresh: readonly ManifestEntry[],
  gone: readonly ManifestEntry[],
): Record<string, string> {
  const bytes = all.reduce((sum, { file }) => sum + file.bytes, 0);
  return {
    operation: gone.length === 0 ? "append" : fresh.length === 0 ? "delete" : "overwrite",
    "added-data-files": String(fresh.length),
    "added-records": String(rowsOf(fresh)),
    "deleted-data-files": String(gone.length),
    "deleted-records": String(rowsOf(gone)),
    "total-data-files": String(all.length),
    "total-records": String(rowsOf(all)),
    "total-files-size": String(bytes),
    "total-delete-files": "0",
    "total-position-deletes": "0",
    "total-equality-deletes": "0",
  };
}
