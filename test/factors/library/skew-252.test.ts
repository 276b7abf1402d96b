import assert from "node:assert/strict";
import { skew_252 } from "../../../shared/factors/library/skew-252.ts";
import { assertClose } from "../support/assert-close.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("skew_252", () => {
  it("is the third central moment over the standard deviation cubed", () => {
    // +3 % once and -1 % three times in turn. Mean 0; second moment (9 + 3) / 4 = 3 and third (27 - 3) / 4 =
    // 6, in units of 0.01; skewness 6 / 3^1.5 = 2 / sqrt(3) = 1.1547.
    const daily_return = repeating(252, [0.03, -0.01, -0.01, -0.01]);
    const values = valuesOf(skew_252, { daily_return });
    assert.ok(values.subarray(0, 251).every((value) => Number.isNaN(value)));
    assertClose(values[251], 2 / Math.sqrt(3));
  });

  it("does not depend on the mean", () => {
    const daily_return = repeating(252, [0.05, 0.01, 0.01, 0.01]);
    assertClose(valuesOf(skew_252, { daily_return })[251], 2 / Math.sqrt(3));
  });

  it("does not exist when the return is the same every day", () => {
    for (const daily of [0, 0.001, -0.0137]) {
      assert.ok(Number.isNaN(valuesOf(skew_252, { daily_return: series(252, daily) })[251]));
    }
  });

  it("stands on 202 of 252 returns, not on 201", () => {
    const daily_return = repeating(252, [0.01, -0.01]);
    const enough = withoutFirst(daily_return, 50);
    assert.ok(Math.abs(valuesOf(skew_252, { daily_return: enough })[251]!) < 1e-12);
    const tooFew = withoutFirst(daily_return, 51);
    assert.ok(Number.isNaN(valuesOf(skew_252, { daily_return: tooFew })[251]));
  });
});
