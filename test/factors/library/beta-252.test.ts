import assert from "node:assert/strict";
import { beta_252 } from "../../../shared/factors/library/beta-252.ts";
import { assertClose } from "../support/assert-close.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("beta_252", () => {
  const market_return = repeating(252, [0.01, -0.01]);
  // + + - - is orthogonal to the market's + - + -, and sums to 0.
  const noise = repeating(252, [0.02, 0.02, -0.02, -0.02]);

  it("is the slope on the market's return", () => {
    const daily_return = market_return.map((market, at) => 0.001 + 1.5 * market + noise[at]!);
    const values = valuesOf(beta_252, { daily_return, market_return });
    assert.ok(values.subarray(0, 251).every((value) => Number.isNaN(value)));
    assertClose(values[251], 1.5);
  });

  it("pairs returns by session and leaves out those with one side", () => {
    // With y = 2 x the slope is 2 on any sessions.
    const daily_return = withoutFirst(
      market_return.map((market) => 2 * market),
      25,
    );
    const gap = market_return.slice().fill(NaN, 100, 125);
    assertClose(valuesOf(beta_252, { daily_return, market_return: gap })[251], 2);
    const tooFew = market_return.slice().fill(NaN, 100, 126);
    assert.ok(Number.isNaN(valuesOf(beta_252, { daily_return, market_return: tooFew })[251]));
  });

  it("is exactly 0 of a return that never changes", () => {
    const uneven = repeating(252, [0.013, -0.007, 0.0021, 0.0094, -0.011]);
    for (const daily of [0, 0.0001, 0.0137, -0.02]) {
      const daily_return = series(252, daily);
      assert.equal(valuesOf(beta_252, { daily_return, market_return: uneven })[251], 0);
    }
  });

  it("does not exist in a market that never moves", () => {
    const still = { daily_return: market_return, market_return: series(252, 0.0137) };
    assert.ok(Number.isNaN(valuesOf(beta_252, still)[251]));
  });
});
