import { acquireLease, holderOf } from "../../backfill/lease.ts";
import type { ObjectStore } from "../../objects/object-store.ts";
import { hourMs } from "../../units.ts";
import { batchHours } from "../bedrock-batch.ts";
import { claimTtlMs } from "../score-ledger.ts";
import { readScore, scoreClaimKey } from "../score-record.ts";

/** Longer than Bedrock works at a batch. */
const batchClaimMs = (batchHours + 2) * hourMs;

const nameOf = (batch: string): string => `batch/${batch}`;

/**
 * Claims a score while a batch is made ready: the death of this process ends it.
 *
 * @returns false when somebody else has it, or bought it
 */
export async function claim(objects: ObjectStore, batch: string, key: string): Promise<boolean> {
  const lease = await acquireLease(objects, scoreClaimKey(key), nameOf(batch), claimTtlMs);
  if (lease === undefined) return false;
  if (lease.epoch === 1 || (await readScore(objects, key)) === undefined) return true;
  await lease.release();
  return false;
}

/**
 * Holds a score for as long as Bedrock may work at it, whatever becomes of our processes; another that goes on with the same batch does
 * no harm.
 *
 * @returns false when somebody else has it, or bought it meanwhile
 */
export async function hold(objects: ObjectStore, batch: string, key: string): Promise<boolean> {
  const claimed = scoreClaimKey(key);
  const lease = await acquireLease(objects, claimed, nameOf(batch), batchClaimMs, "");
  if (lease === undefined && (await holderOf(objects, claimed))?.holder !== nameOf(batch)) {
    return false;
  }
  return (await readScore(objects, key)) === undefined;
}

/** Lets a score go that a batch held. */
export async function release(objects: ObjectStore, batch: string, key: string): Promise<void> {
  const held = await acquireLease(objects, scoreClaimKey(key), nameOf(batch), claimTtlMs, "");
  await held?.release();
}
