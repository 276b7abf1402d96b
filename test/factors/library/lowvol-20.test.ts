import assert from "node:assert/strict";
import { lowvol_20 } from "../../../shared/factors/library/lowvol-20.ts";
import { assertClose } from "../support/assert-close.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("lowvol_20", () => {
  it("is minus the sample standard deviation of 20 returns", () => {
    // +1 % and -1 % in turn: mean 0, squares 20 * 0.0001, divided by 19.
    const daily_return = repeating(20, [0.01, -0.01]);
    const values = valuesOf(lowvol_20, { daily_return });
    assert.ok(values.subarray(0, 19).every((value) => Number.isNaN(value)));
    assertClose(values[19], -0.01 * Math.sqrt(20 / 19));
  });

  it("is exactly 0 when the return is the same every day", () => {
    for (const daily of [0, 0.001, -0.0137]) {
      const values = valuesOf(lowvol_20, { daily_return: series(20, daily) });
      assert.ok(Object.is(values[19], 0));
    }
  });

  it("stands on 16 of 20 returns, not on 15", () => {
    const daily_return = repeating(20, [0.01, -0.01]);
    // The 16 that are left still sum to 0: squares 16 * 0.0001, divided by 15.
    const enough = withoutFirst(daily_return, 4);
    assertClose(valuesOf(lowvol_20, { daily_return: enough })[19], -0.01 * Math.sqrt(16 / 15));
    const tooFew = withoutFirst(daily_return, 5);
    assert.ok(Number.isNaN(valuesOf(lowvol_20, { daily_return: tooFew })[19]));
  });
});
