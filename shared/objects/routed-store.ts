import type { ObjectStore } from "./object-store.ts";

/**
 * A store whose keys under one folder lie in another: replies of vendors, which are kept for good and grow cold, beside what
 * is made of them.
 *
 * @param folder as `captures/`
 */
export function routedStore(rest: ObjectStore, folder: string, store: ObjectStore): ObjectStore {
  const of = (key: string): ObjectStore => (key.startsWith(folder) ? store : rest);
  return {
    location: rest.location,
    get: (key) => of(key).get(key),
    read: (key) => of(key).read(key),
    putIfAbsent: (key, bytes) => of(key).putIfAbsent(key, bytes),
    replace: (key, bytes, version) => of(key).replace(key, bytes, version),
    list: (prefix) => of(prefix).list(prefix),
    localPath: (key) => of(key).localPath(key),
  };
}
