import assert from "node:assert/strict";
import { monthlyGrid } from "../../../../shared/evaluation/tear-sheet/series/monthly-grid.ts";

describe("a monthly grid", () => {
  it("averages the defined days of each month and year", () => {
    const days = ["2014-12-30", "2014-12-31", "2016-01-04", "2016-01-05", "2016-03-01"];
    const grid = monthlyGrid(days, Float64Array.of(1, 2, 3, NaN, 6));
    assert.deepEqual(
      grid.map(({ year, mean }) => [year, mean]),
      [
        ["2014", 1.5],
        ["2015", NaN],
        ["2016", 4.5],
      ],
    );
    assert.equal(grid[0]!.months[11], 1.5);
    assert.deepEqual(grid[2]!.months.slice(0, 3), [3, NaN, 6]);
  });

  it("is empty without days", () => {
    assert.deepEqual(monthlyGrid([], new Float64Array()), []);
  });
});
