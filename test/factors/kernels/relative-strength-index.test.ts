import assert from "node:assert/strict";
import { relativeStrengthIndex } from "../../../shared/factors/kernels/relative-strength-index.ts";
import { numberColumn, recordedTable } from "../../support/recorded-data.ts";
import { series } from "../support/series.ts";

describe("relativeStrengthIndex against StockCharts' worksheet (../shared/data)", () => {
  let table: string[][] = [];
  before(function () {
    table = recordedTable(this, "F_reference/ta_stockcharts/cs-rsi.csv");
  });

  /**
   * This copy of the worksheet starts its averages at 0 on the first day, where Wilder takes the mean of
   * fourteen changes. From there on each row is his recursion. A mean of 0 is what fourteen unchanged closes
   * give, so with those put before the first close the whole table follows Wilder.
   */
  it("follows the table after fourteen unchanged closes, to its six decimals", () => {
    const closes = numberColumn(table, 1);
    const expected = numberColumn(table, 8);
    const price = Float64Array.of(...series(14, closes[0]!), ...closes);
    const values = relativeStrengthIndex(price, 14, 250, 0).subarray(14);
    let compared = 0;
    for (const [at, rsi] of expected.entries()) {
      if (Number.isNaN(rsi)) continue;
      assert.ok(
        Math.abs(values[at]! - rsi) < 1e-6,
        `row ${at}: expected ${rsi}, got ${values[at]!}`,
      );
      compared++;
    }
    assert.equal(compared, 19);
  });

  it("begins, on the table's closes alone, at 70.53 by the sums of its gains and losses", () => {
    const values = relativeStrengthIndex(numberColumn(table, 1), 14, 250, 0);
    // Gains of the first 14 changes 3.3364, losses 1.3942 (columns Gain and Loss): 100 * 3.3364 / 4.7306.
    const sum = (index: number): number =>
      numberColumn(table, index)
        .subarray(1, 15)
        .reduce((total, value) => total + value, 0);
    assert.ok(values.subarray(0, 14).every((value) => Number.isNaN(value)));
    assert.ok(Math.abs(values[14]! - (100 * sum(3)) / (sum(3) + sum(4))) < 1e-9);
    assert.equal(values[14]!.toFixed(2), "70.53");
  });
});
