import assert from "node:assert/strict";
import { cosineTerms, cosineTest, neweyWestT } from "../../shared/evaluation/long-run-variance.ts";
import { tTest } from "../../shared/evaluation/moments.ts";

const close = (actual: number, expected: number): void => {
  assert.ok(
    Math.abs(actual - expected) <= 1e-12 * Math.abs(expected),
    `${actual}, expected ${expected}`,
  );
};

describe("newey-west t", () => {
  it("is worked out by hand for 1, 2, 4 with lag 1", () => {
    // Mean 7/3; deviations -4/3, -1/3, 5/3. Sums of products: lag 0 is 42/9, lag 1 is (4/9 - 5/9) = -1/9.
    // Bartlett at lag 1 of 1: weight 1/2, twice: 42/9 - 1/9 = 41/9. t = (7/3) / (sqrt(41/9) / 3).
    close(neweyWestT(Float64Array.of(1, 2, 4), 1), 7 / 3 / (Math.sqrt(41 / 9) / 3));
  });

  it("with lag 0 is the t of independent days but for n in the place of n - 1", () => {
    const series = Float64Array.of(0.3, -0.1, 0.2, 0.5, -0.4);
    close(neweyWestT(series, 0), tTest(series).t * Math.sqrt(5 / 4));
  });

  it("is undefined without variance", () => {
    assert.ok(Number.isNaN(neweyWestT(Float64Array.of(2, 2, 2), 1)));
  });
});

describe("cosine test", () => {
  it("takes min(0.41 T^(2/3), T / 3h) terms, and one at least", () => {
    // 512^(2/3) is 64, times 0.41 is 26.24.
    assert.equal(cosineTerms(512, 1), 26);
    assert.equal(cosineTerms(1000, 21), 15);
    assert.equal(cosineTerms(10, 21), 1);
  });

  it("is worked out by hand for four days and one term", () => {
    // Projection of 1, 0, 2, 5 on cos(pi (t + 1/2) / 4): cos(pi/8) = c, cos(3 pi/8) = s, then -s, -c.
    const [c, s] = [Math.cos(Math.PI / 8), Math.cos((3 * Math.PI) / 8)];
    const projection = 1 * c + 0 * s - 2 * s - 5 * c;
    const variance = (projection * projection * 2) / 4;
    const t = (2 * 2) / Math.sqrt(variance);
    const test = cosineTest(Float64Array.of(1, 0, 2, 5), 1);
    close(test.t, t);
    // Student's t with 1 degree of freedom is Cauchy: p = 1 - 2 atan(t) / pi.
    close(test.p, 1 - (2 * Math.atan(t)) / Math.PI);
  });

  it("does not see a constant added to the series in its variance", () => {
    const series = Float64Array.from({ length: 50 }, (_, at) => Math.sin(at));
    const shifted = series.map((value) => value + 3);
    const variance = (values: Float64Array): number => {
      const mean = values.reduce((a, b) => a + b) / 50;
      return (Math.sqrt(50) * mean) / cosineTest(values, 7).t;
    };
    assert.ok(Math.abs(variance(series) / variance(shifted) - 1) < 1e-9);
  });
});
