import assert from "node:assert/strict";
import fc from "fast-check";
import { mean, standardDeviation } from "../../../../shared/evaluation/moments.ts";
import {
  cumulativeSum,
  moving,
} from "../../../../shared/evaluation/tear-sheet/series/moving-average.ts";

describe("a moving average", () => {
  it("begins with the first full window", () => {
    const { mean, deviation } = moving(Float64Array.of(1, 3, 5, 1), 2);
    assert.deepEqual([...mean], [NaN, 2, 4, 3]);
    assert.deepEqual([...deviation], [NaN, Math.SQRT2, Math.SQRT2, Math.sqrt(8)]);
  });

  it("takes the defined values of its window", () => {
    const { mean, deviation } = moving(Float64Array.of(1, NaN, 5, NaN, NaN), 2);
    assert.deepEqual([...mean], [NaN, 1, 5, 5, NaN]);
    assert.deepEqual([...deviation], [NaN, NaN, NaN, NaN, NaN]);
  });

  it("equals mean and deviation of every window", () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 8, maxLength: 40 }), (list) => {
        const values = Float64Array.from(list, (one) => one + 1000);
        const result = moving(values, 7);
        for (let day = 6; day < values.length; day++) {
          const window = values.slice(day - 6, day + 1);
          assert.ok(Math.abs(result.mean[day]! - mean(window)) < 1e-9);
          assert.ok(Math.abs(result.deviation[day]! - standardDeviation(window)) < 1e-6);
        }
      }),
    );
  });
});

describe("a cumulative sum", () => {
  it("passes over undefined days", () => {
    assert.deepEqual([...cumulativeSum(Float64Array.of(1, NaN, -3, 2))], [1, 1, -2, 0]);
  });
});
