import assert from "node:assert/strict";
import {
  barCentre,
  barsWithErrors,
} from "../../../../shared/evaluation/tear-sheet/charts/bars-with-errors.ts";
import { daySteps } from "../../../../shared/evaluation/tear-sheet/charts/chart.ts";
import { coverageDays } from "../../../../shared/evaluation/tear-sheet/charts/coverage.ts";
import { relativeGrowth } from "../../../../shared/evaluation/tear-sheet/charts/quantile-growth.ts";
import { asRatio } from "../../../../shared/evaluation/tear-sheet/number-format.ts";
import { weekdays } from "../sample-market.ts";

function near(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [at, value] of expected.entries()) {
    assert.ok(Math.abs(actual[at]! - value) < 1e-12, `${actual[at]!} is not ${value}`);
  }
}

describe("chart data", () => {
  it("writes days as the first number and steps", () => {
    assert.deepEqual(daySteps(["1970-01-10", "1970-01-11", "1970-01-14"]), [9, 1, 3]);
    assert.deepEqual(daySteps([]), []);
  });
});

describe("bars with whiskers", () => {
  it("put each whisker over the middle of its bar", () => {
    assert.equal(barCentre(0, 0, 1), 0.5);
    assert.equal(barCentre(3, 0, 1), 3.5);
    near([barCentre(0, 0, 2) + barCentre(0, 1, 2)], [1]);
    assert.ok(barCentre(0, 1, 2) > 0.5);
  });

  it("have a whisker where both value and error exist", () => {
    const chart = barsWithErrors({
      categories: ["a", "b", "c"],
      format: asRatio,
      label: "x",
      groups: [{ name: "g", colour: "red", values: [1, null, 3], errors: [0.5, 1, null] }],
    })!;
    const [, whiskers] = chart.option.series as { data: unknown }[];
    assert.deepEqual(whiskers!.data, [
      [0.5, 0.5],
      [0.5, 1.5],
      [0.5, "-"],
    ]);
  });

  it("are no chart without a value", () => {
    const groups = [{ name: "g", colour: "red", values: [null] }];
    assert.equal(
      barsWithErrors({ categories: ["a"], groups, format: asRatio, label: "" }),
      undefined,
    );
  });
});

describe("growth relative to all names", () => {
  it("compounds the ratio of the returns", () => {
    near(relativeGrowth(Float64Array.of(0.1, 0), Float64Array.of(0, 0.1), 1), [0.1, 0]);
  });

  it("spreads a return over its horizon and stands still without names", () => {
    near(relativeGrowth(Float64Array.of(0.21, NaN), Float64Array.of(0, 0), 2), [0.1, 0.1]);
  });
});

describe("coverage", () => {
  it("counts kept names, and the share dropped, on days with any value", () => {
    const days = weekdays(4);
    const kept = { days: Int32Array.of(1, 2), coverage: Int32Array.of(8, 10) };
    const coverage = coverageDays(days, Int32Array.of(0, 10, 10, 5), kept);
    assert.deepEqual(coverage.days, days.slice(1));
    assert.deepEqual([...coverage.names], [8, 10, 0]);
    near(coverage.dropped, [0.2, 0, 1]);
  });
});
