import { createHash, randomUUID } from "node:crypto";
import type { Dirent } from "node:fs";
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { objectKey } from "./object-key.ts";
import type { ObjectStore } from "./object-store.ts";

/** The content hash by which objects are named: SHA-256 in hex. */
export function contentHash(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const replacing = "replacing.tmp";

/** What a put writes before it is there: no object yet, nor ever if the process dies. */
const unfinished = /\.([\da-f]{8}-[\da-f-]{27}|replacing)\.tmp$/;

function isMissing(thrown: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EISDIR"].includes((thrown as NodeJS.ErrnoException).code ?? "");
}

/**
 * An object store in a folder. A put writes beside, syncs, and links into place, so that an object is there whole or not
 * at all, and only one of two writers wins.
 *
 * @param folder made when the first object comes
 */
export function fileStore(folder: string): ObjectStore {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, objectKey(key));

  return {
    location: root,

    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    },

    async read(key) {
      try {
        const file = await open(pathOf(key));
        try {
          const [bytes, { mtimeMs }] = [await file.readFile(), await file.stat()];
          return { bytes, version: contentHash(bytes), storedMs: mtimeMs, nowMs: Date.now() };
        } finally {
          await file.close();
        }
      } catch (thrown) {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }
    },

    async putIfAbsent(key, bytes) {
      const path = pathOf(key);
      const beside = await writeBeside(path, bytes);
      try {
        await link(beside, path);
        return true;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw thrown;
      } finally {
        await rm(beside, { force: true });
      }
    },

    async replace(key, bytes, version) {
      const path = pathOf(key);
      if ((await hashOf(path)) !== version) return false;
      const beside = await writeBeside(path, bytes);
      // Files have no compare-and-swap: whoever holds the mark beside may look again and swap.
      const mark = `${path}.${replacing}`;
      try {
        await holdMark(mark);
        try {
          if ((await hashOf(path)) !== version) return false;
          await rename(beside, path);
          return true;
        } finally {
          await rm(mark, { force: true });
        }
      } finally {
        await rm(beside, { force: true });
      }
    },

    async *list(prefix) {
      // From the deepest folder that all such keys lie in.
      yield* walk(root, prefix.slice(0, Math.max(0, prefix.lastIndexOf("/"))), prefix);
    },

    localPath: (key) => Promise.resolve(pathOf(key)),
  };
}

async function writeBeside(path: string, bytes: Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID()}.tmp`;
  const file = await open(beside, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (thrown) {
    await rm(beside, { force: true });
    throw thrown;
  } finally {
    await file.close();
  }
  return beside;
}

async function hashOf(path: string): Promise<string | undefined> {
  try {
    return contentHash(await readFile(path));
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

/** A mark is held for microseconds; one that is older was left by a process that died. */
const deadMarkMs = 5_000;

/** Waits for a mark and sets it. */
async function holdMark(mark: string): Promise<void> {
  for (;;) {
    try {
      await (await open(mark, "wx")).close();
      return;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    }
    const left = await stat(mark).catch(() => undefined);
    // The one who renames it away is the one who may go on, so that two don't take it for dead at once.
    if (left && Date.now() - left.mtimeMs > deadMarkMs) {
      const dead = `${mark}.${randomUUID()}.tmp`;
      await rename(mark, dead).catch(() => undefined);
      await rm(dead, { force: true });
    }
    await sleep(2);
  }
}

async function* walk(root: string, at: string, prefix: string): AsyncGenerator<string> {
  let entries;
  try {
    entries = await readdir(join(root, at), { withFileTypes: true });
  } catch (thrown) {
    if (isMissing(thrown)) return;
    throw thrown;
  }
  // Keys are in order when folders are sorted with the slash that follows them: "a-b" comes before "a/b".
  const rank = (entry: Dirent): string => (entry.isDirectory() ? `${entry.name}/` : entry.name);
  entries.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  for (const entry of entries) {
    const key = at === "" ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) {
      if (key.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* walk(root, key, prefix);
    } else if (key.startsWith(prefix) && !unfinished.test(key)) {
      yield key;
    }
  }
}
