import { systemClock, type Clock } from "../clock.ts";
import { SourceUnavailable } from "../errors.ts";
import type { ObjectStore } from "./object-store.ts";

/** Tries of one operation, and the pause after the first, ms; each next one is twice as long. */
const tries = 6;
const firstPauseMs = 100;

/**
 * The same store, whose operations are tried again when it can't answer: what was bought must not be lost, and bought again,
 * because a store blinked.
 */
export function steadyStore(store: ObjectStore, clock: Clock = systemClock): ObjectStore {
  const steady = async <Result>(
    operation: (again: boolean) => Promise<Result>,
  ): Promise<Result> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await operation(attempt > 1);
      } catch (thrown) {
        if (!(thrown instanceof SourceUnavailable) || attempt >= tries) throw thrown;
        await clock.sleep(firstPauseMs * 2 ** (attempt - 1));
      }
    }
  };
  /** True when what stands there is what we wrote: a try whose answer was lost had come through. */
  const isOurs = async (key: string, bytes: Uint8Array): Promise<boolean> =>
    (await store.get(key))?.equals(bytes) === true;
  return {
    location: store.location,
    get: (key) => steady(() => store.get(key)),
    read: (key) => steady(() => store.read(key)),
    putIfAbsent: (key, bytes) =>
      steady(
        async (again) =>
          (await store.putIfAbsent(key, bytes)) || (again && (await isOurs(key, bytes))),
      ),
    replace: (key, bytes, version) =>
      steady(
        async (again) =>
          (await store.replace(key, bytes, version)) || (again && (await isOurs(key, bytes))),
      ),
    async *list(prefix) {
      // A listing that breaks off begins anew behind what it gave already.
      let last = "";
      for (let attempt = 1; ; attempt++) {
        try {
          for await (const key of store.list(prefix)) {
            if (key <= last) continue;
            last = key;
            yield key;
          }
          return;
        } catch (thrown) {
          if (!(thrown instanceof SourceUnavailable) || attempt >= tries) throw thrown;
          await clock.sleep(firstPauseMs * 2 ** (attempt - 1));
        }
      }
    },
    localPath: (key) => steady(() => store.localPath(key)),
  };
}
