import { contentHash } from "../../shared/objects/file-store.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";

/**
 * An object store in memory, for tests of days or of hundreds of processes: the rules of the real ones, on a clock of the
 * test's own.
 */
export function memoryStore(clock: { readonly nowMs: number }): ObjectStore {
  const objects = new Map<string, { bytes: Buffer; storedMs: number }>();
  const put = (key: string, bytes: Uint8Array): void => {
    objects.set(key, { bytes: Buffer.from(bytes), storedMs: clock.nowMs });
  };
  return {
    location: "memory",
    async get(key) {
      await Promise.resolve();
      return objects.get(key)?.bytes;
    },
    async read(key) {
      await Promise.resolve();
      const found = objects.get(key);
      return found && { ...found, version: contentHash(found.bytes), nowMs: clock.nowMs };
    },
    async putIfAbsent(key, bytes) {
      await Promise.resolve();
      if (objects.has(key)) return false;
      put(key, bytes);
      return true;
    },
    async replace(key, bytes, version) {
      await Promise.resolve();
      const found = objects.get(key);
      if (found === undefined || contentHash(found.bytes) !== version) return false;
      put(key, bytes);
      return true;
    },
    async *list(prefix) {
      await Promise.resolve();
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    localPath: () => Promise.reject(new Error("objects in memory have no path")),
  };
}
