import { deleted, readManifest, readManifestList } from "./iceberg/avro.ts";
import { readTable, type TableDefinition } from "./iceberg/table.ts";
import type { TableFolder } from "./table-folder.ts";

const nameIn = (uri: string): string => uri.slice(uri.lastIndexOf("/") + 1);

/**
 * Files of a table's folder that no snapshot needs which is kept: what a publish that died has left, and what only snapshots had that are
 * let go.
 *
 * @returns their URIs
 * @throws InvalidInput for a table that Quarry did not make
 */
export async function orphansOf(
  folder: TableFolder,
  definition: Pick<TableDefinition, "name">,
): Promise<string[]> {
  const { at, metadata } = await readTable(folder, definition);
  const needed = new Set<string>(["version-hint.text"]);
  const data = new Set<string>();
  if (at !== undefined) needed.add(at.file);
  for (const { "metadata-file": file } of metadata?.["metadata-log"] ?? [])
    needed.add(nameIn(file));
  for (const snapshot of metadata?.snapshots ?? []) {
    const list = nameIn(snapshot["manifest-list"]);
    needed.add(list);
    for (const path of await readManifestList((await folder.get(list))!)) {
      const manifest = nameIn(path);
      if (needed.has(manifest)) continue;
      needed.add(manifest);
      for (const { file, status } of await readManifest((await folder.get(manifest))!)) {
        if (status !== deleted) data.add(file.path);
      }
    }
  }
  const odd = (await folder.list()).filter((name) => !needed.has(name));
  return [
    ...(await folder.files()).filter((uri) => !data.has(uri)),
    ...odd.map((name) => folder.uriOf(`metadata/${name}`)),
  ];
}
