import assert from "node:assert/strict";
import { max_21 } from "../../../shared/factors/library/max-21.ts";
import { series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("max_21", () => {
  // 1 % a day, 7 % on session 3, -20 % on session 5, losses on 21 to 23, 2 % on 24.
  const daily_return = series(25, 0.01, {
    3: 0.07,
    5: -0.2,
    21: -0.01,
    22: -0.01,
    23: -0.01,
    24: 0.02,
  });

  it("is the best day of the last 21", () => {
    const values = valuesOf(max_21, { daily_return });
    assert.ok(values.subarray(0, 20).every((value) => Number.isNaN(value)));
    // The windows 0 .. 20 and 3 .. 23 hold session 3, the window 4 .. 24 does not.
    assert.equal(values[20], 0.07);
    assert.equal(values[23], 0.07);
    assert.equal(values[24], 0.02);
  });

  it("is negative when every day lost", () => {
    assert.equal(valuesOf(max_21, { daily_return: series(21, -0.01) })[20], -0.01);
  });

  it("stands on 17 of 21 returns, not on 16", () => {
    const month = series(21, 0.01);
    assert.equal(valuesOf(max_21, { daily_return: withoutFirst(month, 4) })[20], 0.01);
    assert.ok(Number.isNaN(valuesOf(max_21, { daily_return: withoutFirst(month, 5) })[20]));
  });
});
