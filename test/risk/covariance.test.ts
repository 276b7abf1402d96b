import assert from "node:assert/strict";
import {
  correlationShrinkage,
  neweyWestCovariance,
  neweyWestLag,
  shrunk,
} from "../../shared/risk/covariance.ts";

const rows = 60;
const width = 4;
const table = (cell: (row: number, column: number) => number): Float64Array =>
  Float64Array.from({ length: rows * width }, (_, at) => cell(Math.floor(at / width), at % width));
const moving = table((t, k) => (k + 1) * Math.sin(1.7 * t * t + k) + Math.cos(0.3 * t * k + t));

const close = (actual: number, expected: number, message?: string): void => {
  assert.ok(Math.abs(actual - expected) < 1e-7, `${message ?? ""} ${actual} for ${expected}`);
};

describe("covariance of factor returns", () => {
  it("equals statsmodels' S_hac_simple with 3 lags, divided by the number of days", () => {
    const expected = [
      [0.69928966, 0.49254192, -0.07796989, -1.11893817],
      [0.49254192, 2.62926338, 2.43142367, -1.51802778],
      [-0.07796989, 2.43142367, 4.28357087, 1.42495861],
      [-1.11893817, -1.51802778, 1.42495861, 5.25420399],
    ].flat();
    const { values } = neweyWestCovariance(moving, width, 3);
    for (const [at, value] of values.entries()) close(value, expected[at]!, `cell ${at}`);
  });

  it("counts by hand: 1, -1, 1, -1 has a variance of 1, and with one lag of 1 - 3 / 4", () => {
    const series = Float64Array.of(1, -1, 1, -1);
    assert.equal(neweyWestCovariance(series, 1, 0).values[0], 1);
    // Three products of neighbours, -1 each, by 4 days, weighed 1/2, twice.
    assert.equal(neweyWestCovariance(series, 1, 1).values[0], 0.25);
  });

  it("draws correlations as far to zero as scikit-learn's Ledoit and Wolf", () => {
    close(correlationShrinkage(moving, width), 0.09061956545138382);
    const alike = table(
      (t, k) => Math.sin(1.7 * t * t) + Math.sin(k) * Math.cos(5.1 * t * t * (k + 1)),
    );
    close(correlationShrinkage(alike, width), 0.033868349764048615);
    // Scale says nothing of correlations.
    close(
      correlationShrinkage(
        moving.map((value, at) => value * 10 ** (at % width)),
        width,
      ),
      0.09061956545138382,
    );
    assert.equal(correlationShrinkage(Float64Array.of(1, 2, 4), 1), 0);
  });

  it("leaves variances as they are", () => {
    const { values } = shrunk({ size: 2, values: Float64Array.of(4, 2, 2, 9) }, 0.25);
    assert.deepEqual([...values], [4, 1.5, 1.5, 9]);
  });

  it("takes 4 lags for a year, 6 for three", () => {
    assert.deepEqual([100, 252, 756].map(neweyWestLag), [4, 4, 6]);
  });
});
