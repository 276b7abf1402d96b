import assert from "node:assert/strict";
import { lowvol_252 } from "../../../shared/factors/library/lowvol-252.ts";
import { assertClose } from "../support/assert-close.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("lowvol_252", () => {
  it("is minus the sample standard deviation of 252 returns", () => {
    // +1 % and -1 % in turn: mean 0, squares 252 * 0.0001, divided by 251.
    const daily_return = repeating(252, [0.01, -0.01]);
    const values = valuesOf(lowvol_252, { daily_return });
    assert.ok(values.subarray(0, 251).every((value) => Number.isNaN(value)));
    assertClose(values[251], -0.01 * Math.sqrt(252 / 251));
  });

  it("is exactly 0 when the return is the same every day", () => {
    for (const daily of [0, 0.001, -0.0137]) {
      const values = valuesOf(lowvol_252, { daily_return: series(252, daily) });
      assert.ok(Object.is(values[251], 0));
    }
  });

  it("stands on 202 of 252 returns, not on 201", () => {
    const daily_return = repeating(252, [0.01, -0.01]);
    // The 202 that are left still sum to 0: squares 202 * 0.0001, divided by 201.
    const enough = withoutFirst(daily_return, 50);
    assertClose(valuesOf(lowvol_252, { daily_return: enough })[251], -0.01 * Math.sqrt(202 / 201));
    const tooFew = withoutFirst(daily_return, 51);
    assert.ok(Number.isNaN(valuesOf(lowvol_252, { daily_return: tooFew })[251]));
  });
});
