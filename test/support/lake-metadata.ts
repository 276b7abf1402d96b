import { tableFolder } from "../../shared/lake/lake-folder.ts";
import { currentSnapshot } from "../../shared/lake/iceberg/metadata.ts";
import { readTable } from "../../shared/lake/iceberg/table.ts";
import type { PublishedName } from "../../shared/lake/tables.ts";

/** What differs between two publishes of the same rows: ids, times, and who it was; the lake's place is in what they were made of. */
const own = new Set([
  ...["table-uuid", "snapshot-id", "parent-snapshot-id", "current-snapshot-id"],
  ...["timestamp-ms", "last-updated-ms", "manifest-list", "metadata-file"],
  ...["quarry.run", "quarry.source", "location"],
]);

/** All that a table's current metadata and its manifests say, but for ids, times and places. */
export async function metadataInShort(lake: string, name: PublishedName): Promise<unknown> {
  const folder = tableFolder(lake, name);
  const { metadata, live, at } = await readTable(folder, { name });
  const ids = new Set<unknown>([currentSnapshot(metadata!)?.["snapshot-id"]]);
  const files = live.map(({ status, sequence, snapshotId, file }) => ({
    status,
    sequence,
    ofCurrent: ids.has(snapshotId),
    file: {
      ...file,
      path: file.path.slice(folder.location.length),
      bounds: [file.valueCounts, file.nullCounts, file.lower, file.upper].map((map) => [
        ...(map as ReadonlyMap<number, unknown>),
      ]),
    },
  }));
  files.sort((a, b) => (a.file.path < b.file.path ? -1 : 1));
  const text = JSON.stringify({ at, metadata, files }, (key, value: unknown) =>
    own.has(key) ? typeof value : value,
  );
  return JSON.parse(text) as unknown;
}
