import type { ObjectStore } from "../objects/object-store.ts";
import { minuteMs } from "../units.ts";
import { withLease } from "./lease.ts";

/**
 * Loads while nobody else of this environment does: identities are given out, and what is there is replaced, by what the
 * tables hold.
 *
 * @throws Busy when another load goes on for too long
 */
export function withLoaderLease<Result>(
  objects: ObjectStore,
  runId: string,
  load: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const options = { ttlMs: minuteMs, patienceMs: 30 * minuteMs };
  return withLease(objects, "leases/loader.json", `loader/${runId}`, options, load, signal);
}
