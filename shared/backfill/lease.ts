import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";
import { systemClock, type Clock } from "../clock.ts";
import { Busy, MalformedRecord } from "../errors.ts";
import type { ObjectStore, StoredObject } from "../objects/object-store.ts";

const version = 1;

const leaseSchema = z.object({
  version: z.literal(version),
  /** Who holds it: a name that a retry of the holder has too. */
  holder: z.string(),
  /** The process that holds it, `host:pid`; empty for what no process of ours does. */
  place: z.string(),
  /** Raised by each taking over: what an earlier holder still writes can be told from what this one does. */
  epoch: z.number().int().positive(),
  /** Held for so long after it was stored, by the store's clock; 0 when it was let go. */
  ttlMs: z.number().nonnegative(),
  /** Makes each renewal another object. */
  nonce: z.string(),
});

type LeaseObject = z.infer<typeof leaseSchema>;

/** Who holds a lease, for people. */
export interface LeaseHolder {
  readonly holder: string;
  readonly epoch: number;
  /** Ms left; negative when it is over. */
  readonly leftMs: number;
  /** False when it is over, was let go, or its process is known to be dead. */
  readonly alive: boolean;
}

const here = `${hostname()}:${process.pid}`;

/** True for a process of this machine that is no more: nobody need wait until its lease is over. */
function isDead(place: string): boolean {
  const [host, pid] = [place.slice(0, place.lastIndexOf(":")), Number(place.split(":").at(-1))];
  if (host !== hostname() || !(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function bytesOf(lease: Pick<LeaseObject, "holder" | "place" | "epoch" | "ttlMs">): Buffer {
  return Buffer.from(`${JSON.stringify({ version, ...lease, nonce: randomUUID() })}\n`);
}

function parse(key: string, { bytes }: StoredObject): LeaseObject {
  const parsed = leaseSchema.safeParse(JSON.parse(bytes.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new MalformedRecord(`${key}: expected a lease of version ${version}.`);
}

/** A lease that is held: an object that one process at a time may say is its own. */
export class Lease {
  readonly key: string;
  readonly holder: string;
  readonly epoch: number;
  readonly #place: string;
  readonly #objects: ObjectStore;
  readonly #ttlMs: number;

  constructor(
    objects: ObjectStore,
    key: string,
    lease: Pick<LeaseObject, "holder" | "epoch" | "place">,
    ttlMs: number,
  ) {
    this.#objects = objects;
    this.key = key;
    this.holder = lease.holder;
    this.epoch = lease.epoch;
    this.#place = lease.place;
    this.#ttlMs = ttlMs;
  }

  /** @returns false when somebody else took it over: it is lost */
  renew(): Promise<boolean> {
    return this.#write(this.#ttlMs);
  }

  /** Lets it go, unless it is lost already. */
  async release(): Promise<void> {
    await this.#write(0);
  }

  async #write(ttlMs: number): Promise<boolean> {
    const stored = await this.#objects.read(this.key);
    if (stored === undefined) return false;
    const { holder, epoch } = parse(this.key, stored);
    if (holder !== this.holder || epoch !== this.epoch) return false;
    const bytes = bytesOf({ holder, epoch, ttlMs, place: this.#place });
    return this.#objects.replace(this.key, bytes, stored.version);
  }
}

/**
 * Takes a lease that nobody holds, that is over by the store's clock, whose process is known to be dead, or that this very
 * holder had: its retry enters again at once.
 *
 * @param ttlMs longer than any attempt of the holder may live without renewing it
 * @param place the process whose death ends it; this one by default, none for what goes on without any of ours
 * @returns undefined when somebody else holds it, or was faster
 */
export async function acquireLease(
  objects: ObjectStore,
  key: string,
  holder: string,
  ttlMs: number,
  place: string = here,
): Promise<Lease | undefined> {
  const first = { holder, epoch: 1, place };
  if (await objects.putIfAbsent(key, bytesOf({ ...first, ttlMs }))) {
    return new Lease(objects, key, first, ttlMs);
  }
  const stored = await objects.read(key);
  if (stored === undefined) return undefined;
  const lease = parse(key, stored);
  const over = stored.nowMs - stored.storedMs > lease.ttlMs || lease.ttlMs === 0;
  if (lease.holder !== holder && !over && !isDead(lease.place)) return undefined;
  const next = { holder, epoch: lease.epoch + 1, place };
  const taken = await objects.replace(key, bytesOf({ ...next, ttlMs }), stored.version);
  return taken ? new Lease(objects, key, next, ttlMs) : undefined;
}

/** Renews a lease until the function it gives is called, which lets the lease go. */
export function keepLease(lease: Lease, ttlMs: number): () => Promise<void> {
  const renew = (): void => {
    // A renewal that fails once is tried again before the lease is over.
    void lease.renew().catch(() => undefined);
  };
  const timer = setInterval(renew, ttlMs / 3);
  return async () => {
    clearInterval(timer);
    await lease.release().catch(() => undefined);
  };
}

/**
 * Does something that one process at a time may do: waits for the lease, holds it meanwhile, and lets it go.
 *
 * @throws Busy when others hold it for too long
 */
export async function withLease<Result>(
  objects: ObjectStore,
  key: string,
  holder: string,
  { ttlMs, patienceMs, clock = systemClock }: LeaseWait,
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const startedMs = clock.now();
  let lease = await acquireLease(objects, key, holder, ttlMs);
  while (lease === undefined) {
    if (clock.now() - startedMs > patienceMs) {
      const held = await holderOf(objects, key);
      throw new Busy(`${key} is held by ${held?.holder ?? "?"}; run the same command again later.`);
    }
    await clock.sleep(Math.min(1000, patienceMs / 20), signal);
    lease = await acquireLease(objects, key, holder, ttlMs);
  }
  const letGo = keepLease(lease, ttlMs);
  try {
    return await work();
  } finally {
    await letGo();
  }
}

/** How a lease is waited for. */
export interface LeaseWait {
  readonly ttlMs: number;
  /** Ms that others may hold it. */
  readonly patienceMs: number;
  readonly clock?: Clock;
}

/** Who holds a lease; undefined when nobody ever did. */
export async function holderOf(
  objects: ObjectStore,
  key: string,
): Promise<LeaseHolder | undefined> {
  const stored = await objects.read(key);
  if (stored === undefined) return undefined;
  const { holder, epoch, ttlMs, place } = parse(key, stored);
  const leftMs = ttlMs - (stored.nowMs - stored.storedMs);
  return { holder, epoch, leftMs, alive: ttlMs > 0 && leftMs >= 0 && !isDead(place) };
}
