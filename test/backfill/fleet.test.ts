import assert from "node:assert/strict";
import { Lane } from "../../shared/backfill/lane.ts";
import { takeSlots } from "../../shared/backfill/lane-slots.ts";
import { receiptsOf, type Receipt } from "../../shared/backfill/receipt.ts";
import { workThrough, type UnitEnd, type UnitWork } from "../../shared/backfill/work.ts";
import { SourceUnavailable } from "../../shared/errors.ts";
import { openLog } from "../../shared/log.ts";
import { dayMs, hourMs, minuteMs, secondMs } from "../../shared/units.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { steadyStore } from "../../shared/objects/steady-store.ts";
import { uniform } from "../factors/support/made-inputs.ts";
import { noSignal } from "../support/job-deps.ts";
import { memoryStore } from "../support/memory-store.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const log = openLog("silent");
const slots = 8;
const budget = { lane: "vendor", ratePerSecond: 8, slots };
/** Above this many in a rolling second the vendor bans everybody for ten minutes. */
const limit = 10;

/**
 * A vendor that is hard to live with: it takes its time, answers 429 in storms, stalls, breaks off, is out for a whole day, and
 * bans whoever asks more than its limit.
 */
class HostileVendor {
  readonly #clock: VirtualClock;
  readonly #chance = uniform(99);
  readonly arrivals: number[] = [];
  readonly served = new Map<string, number>();
  bans = 0;
  #bannedUntil = 0;
  /** Without storms and outage. */
  readonly calm: boolean;
  readonly #startedMs: number;
  /** Requests during the day of outage. */
  duringOutage = 0;

  constructor(clock: VirtualClock, calm: boolean) {
    this.#clock = clock;
    this.#startedMs = clock.now();
    this.calm = calm;
  }

  async ask(key: string): Promise<void> {
    // On the way: what was sent evenly arrives a little less so.
    await this.#clock.sleep(15 + 5 * this.#chance());
    const now = this.#clock.now();
    this.arrivals.push(now);
    let inSecond = 0;
    for (let at = this.arrivals.length - 1; at >= 0 && now - this.arrivals[at]! < secondMs; at--) {
      inSecond++;
    }
    if (inSecond > limit) {
      this.bans++;
      this.#bannedUntil = now + 10 * minuteMs;
    }
    if (now < this.#bannedUntil) throw new SourceUnavailable("banned", { throttled: true });
    if (!this.calm) {
      const sinceMs = now - this.#startedMs;
      if (sinceMs > minuteMs && sinceMs < minuteMs + dayMs) {
        this.duringOutage++;
        throw new SourceUnavailable("503");
      }
      if (now % hourMs < 20 * secondMs) {
        throw new SourceUnavailable("429", { throttled: true, retryAfterMs: 5 * secondMs });
      }
      if (this.#chance() < 0.01) {
        await this.#clock.sleep(20 * secondMs);
        throw new SourceUnavailable("stalled");
      }
      if (this.#chance() < 0.01) throw new SourceUnavailable("half a body");
    }
    await this.#clock.sleep(40 + 300 * this.#chance());
    this.served.set(key, (this.served.get(key) ?? 0) + 1);
  }
}

/** Most arrivals in any rolling second. */
function densest(times: readonly number[]): number {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= secondMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** 200 children that want the same units; as many as there are slots may ask at a time. */
async function fleet(
  children: number,
  units: readonly string[],
  calm: boolean,
  weaken = (store: ObjectStore): ObjectStore => store,
) {
  const clock = new VirtualClock();
  const stored = memoryStore({
    get nowMs() {
      return clock.now();
    },
  });
  const objects = steadyStore(weaken(stored), clock);
  const vendor = new HostileVendor(clock, calm);
  const ends: Partial<Record<UnitEnd, number>> = {};
  const bought = { from: "2005-01-03", to: "2024-12-31", state: "done", reason: "", message: "" };
  const child = async (shard: number): Promise<void> => {
    const holder = `run/${shard}`;
    let idle = 0;
    for (;;) {
      const held = await takeSlots(objects, budget, holder, 1, { clock, log });
      if (held === undefined) {
        // As Batch does with a child that ends with 75: later.
        await clock.sleep(5 * minuteMs + shard * 700);
        if (await isOver()) return;
        continue;
      }
      const lane = new Lane({
        name: "vendor",
        ratePerSecond: held.ratePerSecond,
        concurrency: 2,
        attempts: 6,
        breakAfter: 5,
        log,
        clock,
        lost: held.lost,
      });
      const work: UnitWork<string> = {
        dataset: "prices",
        source: "vendor",
        keyOf: (unit) => unit,
        isOver: (_, receipts) => receipts.some(({ state }) => state === "done"),
        async buy(unit, signal) {
          await lane.run(() => vendor.ask(unit), signal);
          return { ...bought, capture: null, files: [], basis: "", about: {} } as Omit<
            Receipt,
            "version" | "dataset" | "source" | "key" | "runId"
          >;
        },
      };
      const { missing, receipts } = await workThrough(
        units,
        work,
        {
          objects,
          runId: "run",
          holder,
          concurrency: 1,
          begin: Math.floor((shard * units.length) / children),
          log,
          ended: (end) => {
            ends[end] = (ends[end] ?? 0) + 1;
          },
        },
        noSignal,
      );
      await held.release();
      if (missing.length === 0) return;
      // As the coordinator does: later each time that nothing moved, an hour at most.
      idle = receipts.length > 0 ? 0 : idle + 1;
      await clock.sleep(Math.min(hourMs, minuteMs * 2 ** idle));
    }
  };
  const isOver = async (): Promise<boolean> => {
    for (const unit of [units[0]!, units.at(-1)!, units[units.length >> 1]!]) {
      if ((await receiptsOf(objects, "prices", "vendor", unit)).length === 0) return false;
    }
    return true;
  };
  await clock.run(Promise.all(Array.from({ length: children }, (_, shard) => child(shard))));
  return { vendor, ends, objects: stored };
}

/** A store one of whose calls in twenty fails, half of those after it did what it was asked. */
function flaky(store: ObjectStore): ObjectStore {
  const chance = uniform(5);
  const blink = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
    const fails = chance() < 0.05;
    const before = chance() < 0.5;
    if (fails && before) throw new SourceUnavailable("503");
    const result = await operation();
    if (fails) throw new SourceUnavailable("the answer was lost");
    return result;
  };
  return {
    ...store,
    get: (key) => blink(() => store.get(key)),
    read: (key) => blink(() => store.read(key)),
    putIfAbsent: (key, bytes) => blink(() => store.putIfAbsent(key, bytes)),
    replace: (key, bytes, version) => blink(() => store.replace(key, bytes, version)),
    async *list(prefix) {
      let at = 0;
      for await (const key of store.list(prefix)) {
        if (++at % 7 === 0 && chance() < 0.05) throw new SourceUnavailable("half a listing");
        yield key;
      }
    },
  };
}

describe("a fleet of 200 children before a hostile vendor, in virtual time", () => {
  const units = Array.from({ length: 3000 }, (_, at) => `S${at}`);

  it("never exceeds the vendor's limit, and uses 95 % of the budget while there is work", async function () {
    this.timeout(180_000);
    const { vendor, ends } = await fleet(200, units, true);
    assert.equal(vendor.bans, 0);
    assert.ok(densest(vendor.arrivals) <= limit, `${densest(vendor.arrivals)} in a second`);
    assert.equal(ends.done, units.length);
    assert.deepEqual([...new Set(vendor.served.values())], [1]);
    // Without the last tenth, in which children run out of units.
    const times = vendor.arrivals.slice(0, 2700);
    const rate = (times.length / (times.at(-1)! - times[0]!)) * secondMs;
    assert.ok(rate >= 0.95 * 8 && rate <= 8, `${rate.toFixed(2)} a second`);
  });

  it("loses and doubles nothing in storms, stalls, half bodies and a day of outage, and is never banned", async function () {
    this.timeout(180_000);
    const some = units.slice(0, 1000);
    const { vendor, ends, objects } = await fleet(20, some, false);
    assert.equal(vendor.bans, 0);
    assert.ok(densest(vendor.arrivals) <= limit);
    // A closed lane asks for little: some rounds a day of some attempts, not a day's worth of requests.
    assert.ok(
      vendor.duringOutage > 0 && vendor.duringOutage < 50 * 24 * 40,
      `${vendor.duringOutage}`,
    );
    assert.equal(ends.done, some.length);
    assert.deepEqual([...new Set(vendor.served.values())], [1]);
    for (const unit of some) {
      assert.equal((await receiptsOf(objects, "prices", "vendor", unit)).length, 1);
    }
  });

  it("pays nothing twice when one call in twenty to the object store fails", async function () {
    this.timeout(180_000);
    const some = units.slice(0, 600);
    const { vendor, ends, objects } = await fleet(20, some, true, flaky);
    assert.equal(vendor.bans, 0);
    assert.equal(ends.done, some.length);
    assert.deepEqual([...new Set(vendor.served.values())], [1]);
    for (const unit of some) {
      assert.equal((await receiptsOf(objects, "prices", "vendor", unit)).length, 1);
    }
  });
});
