import { contentHash } from "../objects/file-store.ts";
import { MalformedRecord } from "../errors.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { encodeNative, rowsOf, type WriteColumn } from "../warehouse/native/writer.ts";

/** A column file in the object store: what a fetch or parse job leaves for the loader. */
export interface ColumnFile {
  /** The table its rows are meant for. */
  readonly table: string;
  /** Content hash, by which it is named. */
  readonly hash: string;
  readonly rows: number;
}

/** The key of a column file. */
export function columnFileKey(dataset: string, hash: string): string {
  return `columns/${dataset}/${hash.slice(0, 2)}/${hash}.native`;
}

/** Writes columns of equal length as a file in ClickHouse's Native format; the same columns are the same file. */
export function putColumnFile(
  objects: ObjectStore,
  dataset: string,
  table: string,
  columns: readonly WriteColumn[],
): Promise<ColumnFile> {
  const rows = columns[0] ? rowsOf(columns[0]) : 0;
  return putColumnBytes(objects, dataset, table, encodeNative(columns), rows);
}

/** Writes a file in ClickHouse's Native format, any number of blocks that hold so many rows. */
export async function putColumnBytes(
  objects: ObjectStore,
  dataset: string,
  table: string,
  bytes: Buffer,
  rows: number,
): Promise<ColumnFile> {
  const hash = contentHash(bytes);
  await objects.putIfAbsent(columnFileKey(dataset, hash), bytes);
  return { table, hash, rows };
}

/**
 * Reads a column file.
 *
 * @throws MalformedRecord when the store does not hold it
 */
export async function getColumnFile(
  objects: ObjectStore,
  dataset: string,
  hash: string,
): Promise<Buffer> {
  const bytes = await objects.get(columnFileKey(dataset, hash));
  if (bytes !== undefined) return bytes;
  throw new MalformedRecord(
    `${objects.location} does not hold the column file ${hash} of ${dataset}, which something names.`,
  );
}
