import assert from "node:assert/strict";
import { pvt_20 } from "../../../shared/factors/library/pvt-20.ts";
import { assertClose } from "../support/assert-close.ts";
import { numberColumn, recordedTable } from "../../support/recorded-data.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("pvt_20", () => {
  // 100 shares at +1 % and 300 at -0.5 % in turn: 10 * (1 - 1.5) = -5 over 10 * 400 shares, -0.00125.
  const daily_return = repeating(20, [0.01, -0.005]);
  const volume = repeating(20, [100, 300]);

  it("is the return of 20 sessions weighted by volume", () => {
    const values = valuesOf(pvt_20, { daily_return, volume });
    assert.ok(values.subarray(0, 19).every((value) => Number.isNaN(value)));
    assertClose(values[19], -0.00125);
  });

  it("leaves a session with one side out of both sums", () => {
    const values = valuesOf(pvt_20, { daily_return: withoutFirst(daily_return, 4), volume });
    assertClose(values[19], -0.00125);
  });

  it("stands on 16 of 20 sessions, not on 15", () => {
    const tooFew = valuesOf(pvt_20, { daily_return, volume: withoutFirst(volume, 5) });
    assert.ok(Number.isNaN(tooFew[19]));
  });

  it("does not exist without any volume", () => {
    assert.ok(Number.isNaN(valuesOf(pvt_20, { daily_return, volume: series(20, 0) })[19]));
  });

  it("is the rise of StockCharts' line over 20 sessions by their volume (../shared/data)", function () {
    const table = recordedTable(this, "F_reference/ta_stockcharts/cs-vpt.csv");
    const shares = numberColumn(table, 2);
    const line = numberColumn(table, 5);
    const values = valuesOf(pvt_20, { daily_return: numberColumn(table, 3), volume: shares });
    // The line begins at session 1; the first window that it spans is 2 .. 21.
    for (let t = 21; t < line.length; t++) {
      const traded = shares.subarray(t - 19, t + 1).reduce((sum, volumes) => sum + volumes, 0);
      assertClose(values[t]! * traded, line[t]! - line[t - 20]!, 1e-9);
    }
    assert.equal(line.length, 30);
  });
});
