import assert from "node:assert/strict";
import fc from "fast-check";
import {
  histogram,
  normalCount,
} from "../../../../shared/evaluation/tear-sheet/series/histogram.ts";

describe("a histogram", () => {
  it("has round edges; a value on one belongs to the bin above", () => {
    // Quartiles 1.75 and 5.25, 8 values: 2 * 3.5 / 2 = 3.5, no wider than 7 / 8, to a round 1.
    const bins = histogram(Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7));
    assert.deepEqual(bins, { start: 0, width: 1, counts: [1, 1, 1, 1, 1, 1, 1, 1] });
  });

  it("begins below zero with a whole bin", () => {
    const bins = histogram(Float64Array.of(-0.05, -0.04, 0, 0.01, 0.06));
    // 0.11 / 8 = 0.01375, to a round 0.01.
    assert.equal(bins.width, 0.01);
    assert.equal(bins.start, -0.05);
    assert.deepEqual(bins.counts, [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1]);
  });

  it("holds one value, or many equal ones, in one bin", () => {
    assert.deepEqual(histogram(Float64Array.of(3)), { start: 3, width: 1, counts: [1] });
    assert.deepEqual(histogram(Float64Array.of(3, 3)).counts, [2]);
  });

  it("loses no value and has few bins", () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const { counts } = histogram(Float64Array.from(list));
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          list.length,
        );
        assert.ok(counts.length <= 100);
      }),
    );
  });
});

describe("the normal curve over it", () => {
  it("has the height of the density at the mean", () => {
    // 100 values in bins of 0.5: 50 / sqrt(2 pi) at the mean, e^-2 of that two deviations off.
    const shape = { mean: 3, deviation: 1, count: 100, width: 0.5 };
    assert.ok(Math.abs(normalCount(3, shape) - 19.947114) < 1e-6);
    assert.ok(Math.abs(normalCount(5, shape) - 19.947114 * Math.exp(-2)) < 1e-6);
  });
});
