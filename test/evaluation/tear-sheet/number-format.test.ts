import assert from "node:assert/strict";
import {
  asBasisPoints,
  asCoefficient,
  asCount,
  asPercent,
  asRatio,
  formatLevel,
  formatNumber,
  formatP,
  rounded,
} from "../../../shared/evaluation/tear-sheet/number-format.ts";

describe("numbers on a page", () => {
  it("have fixed digits, a true minus and thousands apart", () => {
    assert.equal(formatNumber(0.02134, asCoefficient), "0.0213");
    assert.equal(formatNumber(-1.256, asRatio), "−1.26");
    assert.equal(formatNumber(0.1234, asPercent), "12.3%");
    assert.equal(formatNumber(-0.00125, asBasisPoints), "−12.5 bp");
    assert.equal(formatNumber(1234567, asCount), "1,234,567");
  });

  it("never show a negative zero", () => {
    assert.equal(formatNumber(-0.00001, asCoefficient), "0.0000");
    assert.equal(formatNumber(-0, asRatio), "0.00");
  });

  it("are an en dash where undefined", () => {
    assert.equal(formatNumber(null, asRatio), "–");
    assert.equal(formatNumber(NaN, asRatio), "–");
    assert.equal(formatP(null), "–");
  });

  it("show p-values with three significant digits, down to a floor", () => {
    assert.deepEqual([1, 0.5, 0.04567, 0.001234, 0.0001, 0.00009999].map(formatP), [
      "1.00",
      "0.500",
      "0.0457",
      "0.00123",
      "0.000100",
      "<0.0001",
    ]);
  });

  it("keep a level on one line", () => {
    assert.equal(formatLevel(0.05), "q\u00a0=\u00a05%");
  });

  it("are rounded for charts, undefined ones null", () => {
    assert.deepEqual(rounded([0.12345, NaN, null, -1], 3), [0.123, null, null, -1]);
  });
});
