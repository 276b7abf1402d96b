import assert from "node:assert/strict";
import { amihud_252 } from "../../../shared/factors/library/amihud-252.ts";
import { assertClose } from "../support/assert-close.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("amihud_252", () => {
  const daily_return = repeating(252, [0.02, -0.01]);
  const dollar_volume = repeating(252, [5e6, 10e6]);

  it("is the mean of absolute return per million dollars traded", () => {
    // 0.02 / 5 = 0.004 and 0.01 / 10 = 0.001 per million in turn, 0.0025 in the mean.
    const values = valuesOf(amihud_252, { daily_return, dollar_volume });
    assert.ok(values.subarray(0, 251).every((value) => Number.isNaN(value)));
    assertClose(values[251], 0.0025);
  });

  it("leaves out days without trading, up to a fifth of them", () => {
    // Without 50 days of each kind in turn the mean stays; a 51st leaves 201, too few.
    const quiet = (days: number): Float64Array =>
      dollar_volume.map((dollars, at) => (at < days ? 0 : dollars));
    const values = valuesOf(amihud_252, { daily_return, dollar_volume: quiet(50) });
    assertClose(values[251], 0.0025);
    const tooFew = valuesOf(amihud_252, { daily_return, dollar_volume: quiet(51) });
    assert.ok(Number.isNaN(tooFew[251]));
  });

  it("needs return and volume of the same day", () => {
    const gap = withoutFirst(daily_return, 51);
    assert.ok(Number.isNaN(valuesOf(amihud_252, { daily_return: gap, dollar_volume })[251]));
  });

  it("is 0 when the price never moved", () => {
    assert.equal(valuesOf(amihud_252, { daily_return: series(252, 0), dollar_volume })[251], 0);
  });
});
