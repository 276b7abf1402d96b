import { InvalidInput, MalformedRecord } from "../../errors.ts";
import { deleted, readManifest, readManifestList, type ManifestEntry } from "./avro.ts";
import { currentSnapshot, readMetadata, type Metadata, type Snapshot } from "./metadata.ts";
import type { LakeColumn, PartitionField } from "./schema.ts";

/** Which file of metadata is the current one. */
export interface Pointer {
  /** Its name in the table's `metadata/`. */
  readonly file: string;
  /** How many there were, with it. */
  readonly version: number;
  /** What a catalogue wants to see of whoever goes on from it. */
  readonly token?: string | undefined;
}

/** The files of a table's metadata, by their names in its folder, and which of them counts. */
export interface TableStore {
  /** URI of the table's folder. */
  readonly location: string;
  get(name: string): Promise<Buffer | undefined>;
  /** Writes a file whose name nobody else uses. */
  put(name: string, bytes: Buffer): Promise<void>;
  /** Undefined while there is no table. */
  current(): Promise<Pointer | undefined>;
  /**
   * Makes metadata the current one: the moment of a commit.
   *
   * @param from what it was made from
   * @returns undefined when somebody else was faster: then nothing was changed
   */
  advance(from: Pointer | undefined, metadata: Buffer): Promise<Pointer | undefined>;
  /** Tells readers who look elsewhere; whoever dies before leaves it to the next. */
  settle(at: Pointer): Promise<void>;
}

/** What a table is to be. */
export interface TableDefinition {
  readonly name: string;
  readonly columns: readonly LakeColumn[];
  readonly partitions: readonly PartitionField[];
}

/** Marks tables of ours: what others wrote into is left alone. */
export const ownerProperty = "quarry.table";

/** A table as it is now. */
export interface TableState {
  /** Undefined while there is none. */
  readonly at: Pointer | undefined;
  readonly metadata: Metadata | undefined;
  /** Files of the current snapshot. */
  readonly live: readonly ManifestEntry[];
}

/** The latest version of a table's metadata. */
export async function readTable(
  store: TableStore,
  { name }: Pick<TableDefinition, "name">,
): Promise<TableState> {
  const at = await store.current();
  if (at === undefined) return { at, metadata: undefined, live: [] };
  const where = `${store.location}/metadata/${at.file}`;
  const bytes = await store.get(at.file);
  if (bytes === undefined) {
    throw new MalformedRecord(`${where}: expected the metadata of an Iceberg table, it is gone.`);
  }
  const metadata = readMetadata(where, bytes);
  if (metadata.properties[ownerProperty] !== name) {
    throw new InvalidInput(
      `${store.location} holds a table that Quarry did not make: publish to another folder, or remove it.`,
    );
  }
  const snapshot = currentSnapshot(metadata);
  if (snapshot !== undefined && snapshot.summary["quarry.run"] === undefined) {
    throw new InvalidInput(
      `${store.location}: somebody else wrote the snapshot ${snapshot["snapshot-id"]}: nothing is published over it; publish to another folder, or roll the table back.`,
    );
  }
  return { at, metadata, live: snapshot ? await liveEntries(store, snapshot) : [] };
}

const nameIn = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** The files of a snapshot, with the snapshots that added them. */
export async function liveEntries(
  store: Pick<TableStore, "get">,
  snapshot: Snapshot,
): Promise<ManifestEntry[]> {
  const list = await readManifestList((await store.get(nameIn(snapshot["manifest-list"])))!);
  const entries: ManifestEntry[] = [];
  for (const path of list) {
    entries.push(...(await readManifest((await store.get(nameIn(path)))!)));
  }
  return entries.filter(({ status }) => status !== deleted);
}
