import { messageOf, SourceUnavailable } from "../errors.ts";
import type { Log } from "../log.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { minuteMs } from "../units.ts";
import { LaneClosed } from "./lane.ts";
import { acquireLease } from "./lease.ts";
import { claimKey, putReceiptAt, receiptsOf, type Receipt } from "./receipt.ts";

/** A claim is over after so long: longer than any attempt may live. */
export const claimTtlMs = 20 * minuteMs;

/** What buying a unit brought: all of its receipt but who it is about. */
export type Brought = Omit<Receipt, "version" | "dataset" | "source" | "key" | "runId">;

/** How units of a dataset are bought. */
export interface UnitWork<Unit> {
  readonly dataset: string;
  readonly source: string;
  keyOf(unit: Unit): string;
  /** True when its receipts show that this run has nothing to buy. */
  isOver(unit: Unit, receipts: readonly Receipt[]): boolean;
  /**
   * Asks the vendor, keeps what came, leaves column files.
   *
   * @throws SourceUnavailable when the vendor does not answer, or is not asked any more: the unit stays missing
   */
  buy(unit: Unit, signal: AbortSignal): Promise<Brought>;
}

/** What became of a unit. `claimed`: somebody else is at it. `missing`: the lane closed, or time ran out. */
export type UnitEnd = "held" | "done" | "failed" | "claimed" | "missing";

export interface WorkOptions {
  readonly objects: ObjectStore;
  readonly runId: string;
  /** Name in claims; a retry has the same. */
  readonly holder: string;
  /** Units under way at once: what a kill can cost in requests. */
  readonly concurrency: number;
  /** Where in the list to begin, so that many children don't all begin with the same unit. */
  readonly begin: number;
  /** No unit is begun after this is aborted; those under way end. */
  readonly enough?: AbortSignal | undefined;
  readonly log: Log;
  /** Is told of every unit that is over. */
  readonly ended?: (end: UnitEnd) => void;
}

export interface Worked<Unit> {
  readonly ends: Readonly<Record<UnitEnd, number>>;
  /** Receipts that this work wrote. */
  readonly receipts: readonly Receipt[];
  readonly missing: readonly Unit[];
}

/**
 * Buys units until none is left: claims one, buys it, writes its receipt. A unit whose receipts show that it is over, and one
 * that somebody else has claimed, are left alone, so that any number of processes may work through the same list.
 *
 * @throws whatever stops one unit for a reason that holds for all: the vendor refuses us
 */
export async function workThrough<Unit>(
  units: readonly Unit[],
  work: UnitWork<Unit>,
  options: WorkOptions,
  signal: AbortSignal,
): Promise<Worked<Unit>> {
  const { begin, concurrency, enough, ended, log } = options;
  const ends: Record<UnitEnd, number> = { held: 0, done: 0, failed: 0, claimed: 0, missing: 0 };
  const receipts: Receipt[] = [];
  const missing: Unit[] = [];
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  /** Behind a closed lane nothing need be claimed. */
  const lane = { isClosed: false };

  const over = (unit: Unit, end: UnitEnd): void => {
    ends[end]++;
    if (end === "missing") missing.push(unit);
    ended?.(end);
  };
  const worker = async (): Promise<void> => {
    while (next < units.length) {
      const unit = units[(begin + next++) % units.length]!;
      if (enough?.aborted === true || lane.isClosed) {
        over(unit, "missing");
        continue;
      }
      either.throwIfAborted();
      try {
        const result = await one(unit, work, options, either);
        if (typeof result === "string") {
          over(unit, result);
          continue;
        }
        receipts.push(result);
        if (result.state === "failed") {
          log.warn({ key: result.key, reason: result.reason }, result.message);
        }
        over(unit, result.state);
      } catch (thrown) {
        if (!(thrown instanceof SourceUnavailable)) {
          // What stops one stops all: a vendor that refuses us is not asked for the others.
          stop.abort(thrown);
          throw thrown;
        }
        lane.isClosed ||= thrown instanceof LaneClosed;
        log.debug({ key: work.keyOf(unit), reason: messageOf(thrown) }, "not bought");
        over(unit, "missing");
      }
    }
  };
  // One failure of ours must not leave requests under way behind a rejected promise.
  const workers = Array.from({ length: Math.min(concurrency, units.length) }, worker);
  await Promise.allSettled(workers);
  either.throwIfAborted();
  return { ends, receipts, missing };
}

async function one<Unit>(
  unit: Unit,
  work: UnitWork<Unit>,
  { objects, runId, holder }: WorkOptions,
  signal: AbortSignal,
): Promise<Receipt | "held" | "claimed"> {
  const of = { dataset: work.dataset, source: work.source, key: work.keyOf(unit) };
  const before = await receiptsOf(objects, of.dataset, of.source, of.key);
  if (work.isOver(unit, before)) return "held";
  const number = before.length + 1;
  const claim = await acquireLease(objects, claimKey(of, number), holder, claimTtlMs);
  if (claim === undefined) return "claimed";
  try {
    const receipt = { ...of, runId, ...(await work.buy(unit, signal)) };
    if (await putReceiptAt(objects, receipt, number)) return { version: 1, ...receipt };
  } catch (thrown) {
    // Nothing was bought: whoever comes next need not wait.
    await claim.release().catch(() => undefined);
    throw thrown;
  }
  // We were slow, somebody took over, and was first: theirs counts.
  return "held";
}
