import assert from "node:assert/strict";
import {
  buckets,
  lastOf,
  lowestOf,
  meanOf,
} from "../../../../shared/evaluation/tear-sheet/series/buckets.ts";

describe("buckets of days", () => {
  const values = Float64Array.of(5, 1, 2, NaN, 4, 0, 7);

  it("are single days while there is room", () => {
    assert.deepEqual([...buckets(7, 7).ends], [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual([...buckets(0, 7).ends], []);
  });

  it("have one size, the first one what is left, and end with the last day", () => {
    const split = buckets(7, 3);
    assert.equal(split.size, 3);
    assert.deepEqual([...split.ends], [1, 4, 7]);
  });

  it("stand for their last day, their lowest or their mean", () => {
    const split = buckets(7, 3);
    assert.deepEqual(lastOf(split, values), [5, NaN, 7]);
    assert.deepEqual(lowestOf(split, values), [5, 1, 0]);
    assert.deepEqual(meanOf(split, values), [5, 1.5, 11 / 3]);
    assert.deepEqual(meanOf(buckets(2, 2), Float64Array.of(NaN, 1)), [NaN, 1]);
  });
});
