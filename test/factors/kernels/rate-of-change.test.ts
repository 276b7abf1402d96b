import assert from "node:assert/strict";
import { rateOfChange } from "../../../shared/factors/kernels/rate-of-change.ts";
import { assertSameBits } from "../support/assert-close.ts";
import { numberColumn, recordedTable } from "../../support/recorded-data.ts";

describe("rateOfChange", () => {
  it("compares with the price so many sessions before, and with no other", () => {
    // 100 * (15 / 10 - 1) and 100 * (10 / 20 - 1); three before the last the price is missing.
    const price = Float64Array.of(10, 20, NaN, 15, 10, 30);
    assertSameBits(rateOfChange(price, 3), Float64Array.of(NaN, NaN, NaN, 50, -50, NaN));
  });

  it("follows StockCharts' worksheet of 12 periods, to its eight decimals (../shared/data)", function () {
    const table = recordedTable(this, "F_reference/ta_stockcharts/cs-roc.csv");
    const values = rateOfChange(numberColumn(table, 1), 12);
    const expected = numberColumn(table, 2);
    for (const [at, rate] of expected.entries()) {
      if (Number.isNaN(rate)) assert.ok(Number.isNaN(values[at]));
      else assert.ok(Math.abs(values[at]! - rate) < 5.1e-9, `row ${at}`);
    }
    assert.equal(expected.filter((rate) => !Number.isNaN(rate)).length, 8);
  });
});
