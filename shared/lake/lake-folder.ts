import { open, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fileStore } from "../objects/file-store.ts";
import type { Lake, TableFolder } from "./table-folder.ts";

/** A table's folder on this machine. */
export interface LocalTable extends TableFolder {
  /** Path of a file by its URI. */
  pathOf(uri: string): string;
}

/** A lake in a folder of this machine. */
export function folderLake(lake: string): Lake {
  return {
    address: pathToFileURL(resolve(lake)).href,
    table: (name) => Promise.resolve(tableFolder(lake, name)),
  };
}

/** Opens the folder of a table; it is made when the first file comes. Its metadata is called `v1.metadata.json` and so on. */
export function tableFolder(lake: string, table: string): LocalTable {
  const root = resolve(lake, table);
  const location = pathToFileURL(root).href;
  const store = fileStore(root);
  const pathOf = (uri: string): string => join(root, uri.slice(location.length + 1));
  const names = async (folder: string): Promise<string[]> => {
    const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .sort();
  };
  const list = async (): Promise<string[]> =>
    (await names("metadata")).map((name) => name.slice("metadata/".length));
  const fileOf = (version: number): string => `v${version}.metadata.json`;
  return {
    location,
    pathOf,
    uriOf: (name) => `${location}/${name}`,
    list,
    get: (name) => store.get(`metadata/${name}`),
    async put(name, bytes) {
      await store.putIfAbsent(`metadata/${name}`, bytes);
    },
    async current() {
      const versions = (await list()).map((file) =>
        Number(/^v(\d+)\.metadata\.json$/.exec(file)?.[1] ?? 0),
      );
      const version = Math.max(0, ...versions);
      return version === 0 ? undefined : { version, file: fileOf(version) };
    },
    async advance(from, metadata) {
      const version = (from?.version ?? 0) + 1;
      const file = fileOf(version);
      const first = await store.putIfAbsent(`metadata/${file}`, metadata);
      return first ? { version, file } : undefined;
    },
    async settle({ version }) {
      const hint = "metadata/version-hint.text";
      const there = await store.read(hint);
      const said = Buffer.from(String(version));
      if (there === undefined) await store.putIfAbsent(hint, said);
      else if (!there.bytes.equals(said)) await store.replace(hint, said, there.version);
    },
    async bring(name, write, read) {
      const path = join(root, name);
      if (await isThere(path)) return read(path);
      const beside = `${path}.unfinished`;
      await mkdir(dirname(path), { recursive: true });
      await write(beside);
      const told = await read(beside);
      const file = await open(beside);
      await file.sync();
      await file.close();
      await rename(beside, path);
      return told;
    },
    files: async () => (await names("data")).map((name) => `${location}/${name}`),
    remove: (uri) => rm(pathOf(uri), { force: true }),
  };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
