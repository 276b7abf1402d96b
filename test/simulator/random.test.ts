import assert from "node:assert/strict";
import { RandomStream } from "../../shared/simulator/random.ts";

const draw = (stream: RandomStream, count: number): number[] =>
  Array.from({ length: count }, () => stream.next());

describe("RandomStream", () => {
  it("gives the same words for a seed and a label on every machine", () => {
    assert.deepEqual(
      draw(new RandomStream(1, "returns/17"), 4),
      [1469428328, 2047175438, 623086191, 168140224],
    );
  });

  it("differs by seed and by label, also where their texts run together", () => {
    const firsts = [
      new RandomStream(1, "a"),
      new RandomStream(2, "a"),
      new RandomStream(1, "b"),
      new RandomStream(1, "1/a"),
      new RandomStream(11, "a"),
    ].map((stream) => stream.next());
    assert.equal(new Set(firsts).size, firsts.length);
  });

  it("has bits that are set half of the time, and independent neighbouring labels", () => {
    const count = 20_000;
    const ones = new Array<number>(32).fill(0);
    let equal = 0;
    for (let label = 0; label < count; label++) {
      const word = new RandomStream(1, `shocks/${label}`).next();
      const neighbour = new RandomStream(1, `shocks/${label + 1}`).next();
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (word >>> bit) & 1;
      equal += (~(word ^ neighbour) >>> 7) & 1;
    }
    const fiveSigmas = (5 * Math.sqrt(count)) / 2;
    for (const one of [...ones, equal]) assert.ok(Math.abs(one - count / 2) < fiveSigmas, `${one}`);
  });

  it("keeps uniforms inside (0, 1), integers below their count, and waits with the mean asked for", () => {
    const stream = new RandomStream(3, "x");
    const counts = [0, 0, 0];
    let wait = 0;
    for (let at = 0; at < 30_000; at++) {
      const uniform = stream.uniform();
      assert.ok(uniform > 0 && uniform < 1);
      counts[stream.integer(3)]!++;
      wait += stream.exponential(5);
    }
    for (const count of counts) assert.ok(Math.abs(count - 10_000) < 400, `${count}`);
    assert.ok(Math.abs(wait / 30_000 - 5) < 5 * (5 / Math.sqrt(30_000)), `${wait / 30_000}`);
  });

  it("fills the same normals that single draws give", () => {
    const filled = new Float64Array(6);
    new RandomStream(5, "n").fillNormal(filled, 1, 5);
    const stream = new RandomStream(5, "n");
    assert.deepEqual(
      [...filled],
      [0, stream.normal(), stream.normal(), stream.normal(), stream.normal(), 0],
    );
  });
});
