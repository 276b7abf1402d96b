import assert from "node:assert/strict";
import fc from "fast-check";
import { trailingSums } from "../../../shared/factors/kernels/trailing-sum.ts";
import { assertSameBits } from "../support/assert-close.ts";

const windows = fc.integer({ min: 1, max: 40 });
const epochs = fc.integer({ min: 0, max: 10_000 });
const gap = fc.constant(NaN);

describe("trailingSums", () => {
  it("sums and counts what is there, and has nothing before the first full window", () => {
    const { sums, counts } = trailingSums(Float64Array.of(1, 2, NaN, 4, NaN, NaN, NaN), 3, 0);
    assertSameBits(sums, Float64Array.of(NaN, NaN, 3, 6, 4, 4, 0));
    assertSameBits(counts, Float64Array.of(0, 0, 2, 2, 1, 1, 0));
  });

  it("agrees with a plain loop on whole numbers, whose sums are exact", () => {
    const values = fc.array(fc.oneof(fc.integer({ min: -1000, max: 1000 }), gap), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(values, windows, epochs, (list, window, epoch) => {
        const { sums, counts } = trailingSums(Float64Array.from(list), window, epoch);
        for (let at = 0; at < list.length; at++) {
          const there = list
            .slice(Math.max(0, at - window + 1), at + 1)
            .filter((value) => !Number.isNaN(value));
          const full = at >= window - 1;
          assert.equal(counts[at], full ? there.length : 0);
          assert.equal(sums[at], full ? there.reduce((total, value) => total + value, 0) : NaN);
        }
      }),
    );
  });

  it("has the same bits wherever the array begins", () => {
    const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1, max: 1 }), gap), {
      minLength: 80,
      maxLength: 150,
    });
    fc.assert(
      fc.property(values, windows, epochs, fc.nat(30), (list, window, epoch, skip) => {
        const whole = trailingSums(Float64Array.from(list), window, epoch);
        const part = trailingSums(Float64Array.from(list.slice(skip)), window, epoch + skip);
        const full = window - 1;
        assertSameBits(part.sums.subarray(full), whole.sums.subarray(skip + full));
        assertSameBits(part.counts.subarray(full), whole.counts.subarray(skip + full));
      }),
    );
  });

  it("leaves no trace of a huge value that has left the window", () => {
    const { sums } = trailingSums(Float64Array.of(1e20, 0.1, 0.2, 0.3, 0.4), 2, 0);
    assert.deepEqual([...sums.subarray(2)], [0.1 + 0.2, 0.2 + 0.3, 0.3 + 0.4]);
  });
});
