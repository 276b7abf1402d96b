import assert from "node:assert/strict";
import { Pacer } from "../../shared/backfill/pacer.ts";

/** Starts as often as allowed for so many seconds of a made clock; `late` ms are lost before each start. */
function starts(pacer: Pacer, seconds: number, late = (): number => 0): number[] {
  const times: number[] = [];
  for (let now = 0; now < seconds * 1000;) {
    now += pacer.waitMs(now) + late();
    pacer.started(now);
    times.push(now);
  }
  return times;
}

/** Most starts in any rolling second. */
function densest(times: readonly number[]): number {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= 1000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

function jitter(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe("a pacer", () => {
  for (const rate of [0.5, 1.25, 2, 5, 8, 20, 500]) {
    it(`keeps to ${rate} a second in any rolling second, and uses 95 % of it`, () => {
      const chance = jitter();
      const times = starts(new Pacer(rate), 600, () => (chance() < 0.3 ? 8 * chance() : 0));
      assert.ok(densest(times) <= Math.max(1, Math.ceil(rate)), `${densest(times)} in a second`);
      assert.ok(times.length >= 0.95 * rate * 600, `${times.length / 600} a second`);
    });
  }

  it("keeps to a budget together with others of the same, whatever their phases", () => {
    const chance = jitter();
    const slots = Array.from({ length: 4 }, () => {
      const phase = 500 * chance();
      return starts(new Pacer(2), 600, () => 4 * chance()).map((time) => time + phase);
    });
    const times = slots.flat().sort((a, b) => a - b);
    assert.ok(densest(times) <= 8, `${densest(times)} in a second`);
    assert.ok(times.length >= 0.95 * 8 * 600);
  });

  it("halves its rate once for one burst of complaints, and recovers by answers", () => {
    const pacer = new Pacer(8);
    for (let at = 0; at < 5; at++) pacer.throttled(at);
    assert.equal(pacer.ratePerSecond, 4);
    pacer.throttled(1500);
    assert.equal(pacer.ratePerSecond, 2);
    for (let at = 0; at < 8 * 20 * 2; at++) pacer.answered();
    assert.equal(pacer.ratePerSecond, 8);
  });

  it("leaves the source alone for as long as it asks, and never stops for good", () => {
    const pacer = new Pacer(8);
    pacer.throttled(1000, 30_000);
    assert.equal(pacer.waitMs(1000), 30_000);
    for (let at = 1; at < 20; at++) pacer.throttled(100_000 * at);
    assert.equal(pacer.ratePerSecond, 0.5);
  });
});
