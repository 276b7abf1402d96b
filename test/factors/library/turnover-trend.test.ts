import assert from "node:assert/strict";
import { turnover_trend } from "../../../shared/factors/library/turnover-trend.ts";
import { assertClose } from "../support/assert-close.ts";
import { series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("turnover_trend", () => {
  // A million dollars a day for 231 sessions, two for the last 21.
  const dollar_volume = series(252, 1e6).fill(2e6, 231);

  it("is the log of the month's mean dollar volume over the year's", () => {
    // Month 2; year (231 + 42) / 252 = 13 / 12; ratio 24 / 13; log 0.6131.
    const values = valuesOf(turnover_trend, { dollar_volume });
    assert.ok(values.subarray(0, 251).every((value) => Number.isNaN(value)));
    assertClose(values[251], Math.log(24 / 13));
  });

  it("does not exist after a month without a trade", () => {
    const idle = dollar_volume.slice().fill(0, 231);
    assert.ok(Number.isNaN(valuesOf(turnover_trend, { dollar_volume: idle })[251]));
    assert.ok(Number.isNaN(valuesOf(turnover_trend, { dollar_volume: series(252, 0) })[251]));
  });

  it("stands on 202 of 252 sessions, not on 201", () => {
    // With 202: month 2, year (181 + 42) / 202.
    const enough = withoutFirst(dollar_volume, 50);
    const value = valuesOf(turnover_trend, { dollar_volume: enough })[251];
    assertClose(value, Math.log(404 / 223));
    const tooFew = withoutFirst(dollar_volume, 51);
    assert.ok(Number.isNaN(valuesOf(turnover_trend, { dollar_volume: tooFew })[251]));
  });

  it("stands on 17 sessions of the month, not on 16", () => {
    const enough = dollar_volume.slice().fill(NaN, 248);
    assert.ok(valuesOf(turnover_trend, { dollar_volume: enough })[251]! > 0);
    const tooFew = dollar_volume.slice().fill(NaN, 247);
    assert.ok(Number.isNaN(valuesOf(turnover_trend, { dollar_volume: tooFew })[251]));
  });
});
