import { setTimeout as wait } from "node:timers/promises";

/** Time as the code that waits sees it; tests of days of waiting bring their own. */
export interface Clock {
  /** Ms since 1970 UTC. */
  now(): number;
  /** Resolves after so many ms; rejects with the signal's reason when it is aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await wait(ms, undefined, signal && { signal });
    } catch {
      signal?.throwIfAborted();
    }
  },
};
