import assert from "node:assert/strict";
import fc from "fast-check";
import { trailingMaxima } from "../../../shared/factors/kernels/trailing-max.ts";
import { assertSameBits } from "../support/assert-close.ts";

describe("trailingMaxima", () => {
  it("finds the largest of what is there, and has nothing before the first full window", () => {
    const { maxima, counts } = trailingMaxima(Float64Array.of(5, 2, NaN, -4, NaN, NaN, NaN), 3);
    assertSameBits(maxima, Float64Array.of(NaN, NaN, 5, 2, -4, -4, NaN));
    assertSameBits(counts, Float64Array.of(0, 0, 2, 2, 1, 1, 0));
  });

  it("agrees with a plain loop", () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(NaN));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 150 }),
        fc.integer({ min: 1, max: 40 }),
        (list, window) => {
          const { maxima, counts } = trailingMaxima(Float64Array.from(list), window);
          for (let at = 0; at < list.length; at++) {
            const there = list
              .slice(Math.max(0, at - window + 1), at + 1)
              .filter((x) => !Number.isNaN(x));
            const full = at >= window - 1;
            assert.equal(counts[at], full ? there.length : 0);
            assert.equal(maxima[at], full && there.length > 0 ? Math.max(...there) : NaN);
          }
        },
      ),
    );
  });
});
