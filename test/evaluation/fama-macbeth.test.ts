import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { famaMacBeth, type CrossSectionOfPeriod } from "../../shared/evaluation/fama-macbeth.ts";
import { leastSquares } from "../../shared/evaluation/least-squares.ts";

/**
 * Petersen's simulated panel (500 firms, 10 years; Review of Financial Studies 2009), which statsmodels carries in its
 * tests: PETERSEN_DATA names the file, else an installed statsmodels has it.
 */
function petersenPanel(): string | undefined {
  const named = process.env["PETERSEN_DATA"];
  if (named) return readFileSync(named, "utf8");
  try {
    const folder = execFileSync(
      "python3",
      [
        "-c",
        "import importlib.util as u; print(u.find_spec('statsmodels').submodule_search_locations[0])",
      ],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    ).trim();
    const file = `${folder}/stats/tests/test_data.txt`;
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

describe("fama-macbeth", () => {
  it("is worked out by hand for two periods of three names", () => {
    // Period 1: y = 1 + 2 x exactly. Period 2: y = 3 + 4 x exactly. Premia: means 2 and 3; deviations sqrt(2), standard
    // errors sqrt(2) / sqrt(2) = 1.
    const periods: CrossSectionOfPeriod[] = [
      { y: Float64Array.of(1, 3, 5), x: [Float64Array.of(0, 1, 2)] },
      { y: Float64Array.of(3, 7, 11), x: [Float64Array.of(0, 1, 2)] },
    ];
    const { premia, periods: used } = famaMacBeth(periods);
    assert.equal(used, 2);
    for (const [at, expected] of [2, 3].entries()) {
      assert.ok(Math.abs(premia[at]!.coefficient - expected) < 1e-12);
      assert.ok(Math.abs(premia[at]!.standardError - 1) < 1e-12);
      assert.ok(Math.abs(premia[at]!.t - expected) < 1e-12);
    }
  });

  it("leaves out a period whose regressor does not vary", () => {
    const flat = { y: Float64Array.of(1, 2, 3), x: [Float64Array.of(1, 1, 1)] };
    assert.equal(famaMacBeth([flat]).periods, 0);
  });

  it("reproduces Petersen's panel to the printed digits", function () {
    const text = petersenPanel();
    if (text === undefined) this.skip();
    // Columns: firm, year, x, y. Published, with Fama-MacBeth standard errors: slope 1.0356 (0.0333), constant 0.0313
    // (0.0234).
    const rows = text
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
    const byYear = [...Map.groupBy(rows, (row) => row[1]!).values()];
    const { premia, periods } = famaMacBeth(
      byYear.map((year) => ({
        y: Float64Array.from(year, (row) => row[3]!),
        x: [Float64Array.from(year, (row) => row[2]!)],
      })),
    );
    assert.equal(periods, 10);
    const printed = premia.map((p) => [p.coefficient.toFixed(4), p.standardError.toFixed(4)]);
    assert.deepEqual(printed, [
      ["0.0313", "0.0234"],
      ["1.0356", "0.0333"],
    ]);
  });
});

describe("least squares", () => {
  it("solves the normal equations of a hand-made case", () => {
    // y = 2 a - 3 b without error.
    const a = Float64Array.of(1, 0, 2, 1);
    const b = Float64Array.of(0, 1, 1, 3);
    const y = a.map((value, at) => 2 * value - 3 * b[at]!);
    const solved = leastSquares([a, b], y)!;
    assert.ok(Math.abs(solved[0]! - 2) < 1e-12 && Math.abs(solved[1]! + 3) < 1e-12);
  });

  it("says so where columns depend on each other, or points are too few", () => {
    const a = Float64Array.of(1, 2, 3);
    assert.equal(leastSquares([a, a.map((v) => 2 * v)], a), undefined);
    assert.equal(
      leastSquares([Float64Array.of(1), Float64Array.of(2)], Float64Array.of(1)),
      undefined,
    );
  });
});
