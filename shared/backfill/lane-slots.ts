import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { secondMs } from "../units.ts";
import { acquireLease, type Lease } from "./lease.ts";

/** A source's budget over all processes that ask it, wherever they are. */
export interface LaneBudget {
  /** Name of the lane: the source and the endpoint it is asked at. */
  readonly lane: string;
  /** Requests a second, over all holders. */
  readonly ratePerSecond: number;
  /** Parts that the budget is cut into. */
  readonly slots: number;
}

/** A slot is held for so long without a sign of life. */
export const slotTtlMs = 30 * secondMs;

/** Slots of a lane that are held, renewed until they are let go. */
export interface HeldSlots {
  readonly count: number;
  /** Requests a second that these slots allow. */
  readonly ratePerSecond: number;
  /** Aborted when one of them is lost: nothing may be asked after that. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export function slotKey(lane: string, slot: number): string {
  return `lanes/${lane}/${String(slot).padStart(3, "0")}.json`;
}

/**
 * Takes slots of a lane. Whoever holds none asks nothing, so all holders together keep to the budget.
 *
 * @param holder a retry of the holder takes its own slots again
 * @param most slots wanted
 * @returns undefined when all are held by others
 */
export async function takeSlots(
  objects: ObjectStore,
  { lane, ratePerSecond, slots }: LaneBudget,
  holder: string,
  most: number,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<HeldSlots | undefined> {
  const held: Lease[] = [];
  // Everybody begins elsewhere, so that many who come at once don't all try the first.
  const begin =
    Array.from(holder).reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7) % slots;
  for (let at = 0; at < slots && held.length < most; at++) {
    const lease = await acquireLease(
      objects,
      slotKey(lane, (begin + at) % slots),
      holder,
      slotTtlMs,
    );
    if (lease) held.push(lease);
  }
  if (held.length === 0) return undefined;

  const lost = new AbortController();
  const stop = new AbortController();
  const renewing = renewUntil(held, { clock, log, lost, stop: stop.signal });
  return {
    count: held.length,
    ratePerSecond: (ratePerSecond * held.length) / slots,
    lost: lost.signal,
    async release() {
      stop.abort();
      await renewing;
      await Promise.all(held.map((lease) => lease.release()));
    },
  };
}

async function renewUntil(
  held: readonly Lease[],
  { clock, log, lost, stop }: { clock: Clock; log: Log; lost: AbortController; stop: AbortSignal },
): Promise<void> {
  let renewedMs = clock.now();
  const isOver = (): boolean => stop.aborted || lost.signal.aborted;
  while (!isOver()) {
    await clock.sleep(slotTtlMs / 3, stop).catch(() => undefined);
    if (isOver()) return;
    try {
      const kept = await Promise.all(held.map((lease) => lease.renew()));
      if (kept.includes(false)) lost.abort();
      renewedMs = clock.now();
    } catch (thrown) {
      log.warn({ lane: held[0]!.key, reason: messageOf(thrown) }, "a slot was not renewed");
      // It may be over by now: better to ask nothing than too much.
      if (clock.now() - renewedMs > (2 * slotTtlMs) / 3) lost.abort();
    }
  }
}
