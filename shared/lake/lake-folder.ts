import { open, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fileStore } from "../objects/file-store.ts";
import type { MetadataFolder } from "./iceberg/table.ts";

/** A table's folder on this machine. */
export interface TableFolder extends MetadataFolder {
  /** Path of a file by its URI. */
  pathOf(uri: string): string;
  /** URI of a file by its name under the folder. */
  uriOf(name: string): string;
  /** Puts a file that a program wrote into place, synced; what is there already stays. */
  adopt(written: string, name: string): Promise<void>;
  /** A name beside for a program to write to. */
  beside(name: string): Promise<string>;
  /** All files of data, and what is left of unfinished ones, by their URIs. */
  files(): Promise<string[]>;
  remove(uri: string): Promise<void>;
}

/** Opens the folder of a table; it is made when the first file comes. */
export function tableFolder(lake: string, table: string): TableFolder {
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
  return {
    location,
    pathOf,
    uriOf: (name) => `${location}/${name}`,
    list: async () => (await names("metadata")).map((name) => name.slice("metadata/".length)),
    get: (name) => store.get(`metadata/${name}`),
    putIfAbsent: (name, bytes) => store.putIfAbsent(`metadata/${name}`, bytes),
    async put(name, bytes) {
      const there = await store.read(`metadata/${name}`);
      if (there === undefined) await store.putIfAbsent(`metadata/${name}`, bytes);
      else await store.replace(`metadata/${name}`, bytes, there.version);
    },
    async beside(name) {
      const path = join(root, `${name}.unfinished`);
      await mkdir(dirname(path), { recursive: true });
      return path;
    },
    async adopt(written, name) {
      const file = await open(written);
      await file.sync();
      await file.close();
      await rename(written, join(root, name));
    },
    files: async () => (await names("data")).map((name) => `${location}/${name}`),
    remove: (uri) => rm(pathOf(uri), { force: true }),
  };
}

/** True when a file is there. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
