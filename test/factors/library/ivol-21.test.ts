import assert from "node:assert/strict";
import { ivol_21 } from "../../../shared/factors/library/ivol-21.ts";
import { assertClose } from "../support/assert-close.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("ivol_21", () => {
  const market_return = repeating(21, [0.01, 0, -0.01]);
  // 1, -2, 1 is orthogonal to 1, 0, -1 and sums to 0, so these are the residuals.
  const residuals = repeating(21, [0.02, -0.04, 0.02]);

  it("is the standard error of the regression on the market", () => {
    const daily_return = market_return.map((market, at) => 0.001 + 2 * market + residuals[at]!);
    const values = valuesOf(ivol_21, { daily_return, market_return });
    assert.ok(values.subarray(0, 20).every((value) => Number.isNaN(value)));
    // Squares 7 * (0.0004 + 0.0016 + 0.0004) = 0.0168 over 21 - 2: sqrt(0.000884) = 0.029736.
    assertClose(values[20], Math.sqrt(0.0168 / 19));
  });

  it("is exactly 0 when the market explains everything", () => {
    for (const beta of [0, 0.1, 1, -2.7]) {
      const daily_return = market_return.map((market) => 0.0137 + beta * market);
      assert.equal(valuesOf(ivol_21, { daily_return, market_return })[20], 0);
    }
  });

  it("does not exist in a market that never moves", () => {
    const still = { daily_return: residuals, market_return: series(21, 0.0137) };
    assert.ok(Number.isNaN(valuesOf(ivol_21, still)[20]));
  });

  it("stands on 17 of 21 sessions, not on 16", () => {
    const enough = { daily_return: withoutFirst(residuals, 4), market_return };
    assert.ok(valuesOf(ivol_21, enough)[20]! > 0);
    const tooFew = { daily_return: withoutFirst(residuals, 5), market_return };
    assert.ok(Number.isNaN(valuesOf(ivol_21, tooFew)[20]));
  });
});
