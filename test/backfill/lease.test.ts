import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLease, holderOf, withLease } from "../../shared/backfill/lease.ts";
import { Busy } from "../../shared/errors.ts";
import { noSignal } from "../support/job-deps.ts";
import { memoryStore } from "../support/memory-store.ts";

const ttlMs = 60_000;

describe("a lease", () => {
  it("is one holder's at a time, and the next one's once it is over by the store's clock", async () => {
    const clock = { nowMs: 1_000_000 };
    const objects = memoryStore(clock);
    const first = (await acquireLease(objects, "k", "a", ttlMs))!;
    assert.equal(first.epoch, 1);
    clock.nowMs += ttlMs;
    assert.equal(await acquireLease(objects, "k", "b", ttlMs), undefined);
    clock.nowMs += 1;
    const second = (await acquireLease(objects, "k", "b", ttlMs))!;
    assert.equal(second.epoch, 2);
    // The first was slow, not dead: it finds out, and takes nothing away.
    assert.equal(await first.renew(), false);
    await first.release();
    assert.deepEqual(await holderOf(objects, "k"), {
      holder: "b",
      epoch: 2,
      leftMs: ttlMs,
      alive: true,
    });
  });

  it("lives on by renewals, and is free once it is let go", async () => {
    const clock = { nowMs: 0 };
    const objects = memoryStore(clock);
    const lease = (await acquireLease(objects, "k", "a", ttlMs))!;
    for (let at = 0; at < 5; at++) {
      clock.nowMs += 0.9 * ttlMs;
      assert.equal(await lease.renew(), true);
      assert.equal(await acquireLease(objects, "k", "b", ttlMs), undefined);
    }
    await lease.release();
    clock.nowMs += 1;
    assert.equal((await acquireLease(objects, "k", "b", ttlMs))?.epoch, 2);
  });

  it("lets a retry of its holder in at once, and shuts the earlier attempt out", async () => {
    const objects = memoryStore({ nowMs: 0 });
    const died = (await acquireLease(objects, "k", "run/3", ttlMs))!;
    const retry = (await acquireLease(objects, "k", "run/3", ttlMs))!;
    assert.equal(retry.epoch, 2);
    assert.equal(await died.renew(), false);
    assert.equal(await retry.renew(), true);
  });

  it("is taken over by one of many who try at once", async () => {
    const clock = { nowMs: 0 };
    const objects = memoryStore(clock);
    await acquireLease(objects, "k", "dead", ttlMs);
    clock.nowMs += 2 * ttlMs;
    const tries = Array.from({ length: 24 }, (_, at) =>
      acquireLease(objects, "k", `h${at}`, ttlMs),
    );
    const taken = (await Promise.all(tries)).filter((lease) => lease !== undefined);
    assert.equal(taken.length, 1);
    assert.equal(taken[0]!.epoch, 2);
  });

  it("does not end early when a clock is set back", async () => {
    const clock = { nowMs: 1_000_000 };
    const objects = memoryStore(clock);
    await acquireLease(objects, "k", "a", ttlMs);
    clock.nowMs -= 500_000;
    assert.equal(await acquireLease(objects, "k", "b", ttlMs), undefined);
  });

  it("lets one in at a time, and says who is in where it takes too long", async () => {
    const objects = memoryStore({ nowMs: 0 });
    let inside = 0;
    let most = 0;
    const wait = { ttlMs, patienceMs: 20_000 };
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    };
    await Promise.all(
      ["a", "b", "c"].map((holder) => withLease(objects, "k", holder, wait, work, noSignal)),
    );
    assert.equal(most, 1);
    await acquireLease(objects, "k", "slow", ttlMs);
    const impatient = withLease(objects, "k", "d", { ttlMs, patienceMs: 20 }, work, noSignal);
    await assert.rejects(impatient, { constructor: Busy, message: /k is held by slow/ });
  });
});
