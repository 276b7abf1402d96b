import assert from "node:assert/strict";
import { trailingCoMoments } from "../../../shared/factors/kernels/co-moments.ts";
import { requiredObservations } from "../../../shared/factors/kernels/coverage.ts";
import { intercept, residualSquares, slope } from "../../../shared/factors/kernels/market-model.ts";
import { assertClose } from "../support/assert-close.ts";
import { madeInputs } from "../support/made-inputs.ts";

describe("market model from co-moments", () => {
  it("is the line through four points that a hand can draw", () => {
    // x 1 2 3 4, y 1 3 2 4: means 2.5; sums of squares 5 and 5, of products 4. Slope 0.8, intercept 0.5,
    // residuals -0.3, 0.9, -0.9, 0.3 with squares 1.8.
    const window = trailingCoMoments(
      Float64Array.of(1, 3, 2, 4),
      Float64Array.of(1, 2, 3, 4),
      4,
      0,
    );
    assertClose(slope(window, 3), 0.8);
    assertClose(intercept(window, 3, 0.8), 0.5);
    assertClose(residualSquares(window, 3, 0.8), 1.8);
    // About another slope, 1: y - x is 0, 1, -1, 0, with mean 0 and squares 2.
    assert.equal(intercept(window, 3, 1), 0);
    assertClose(residualSquares(window, 3, 1), 2);
  });

  it("agrees with residuals taken one by one", () => {
    const { daily_return, market_return } = madeInputs(9, 400);
    for (const size of [21, 252]) {
      const window = trailingCoMoments(daily_return, market_return, size, 33);
      for (let at = size - 1; at < 400; at++) {
        const pairs: { x: number; y: number }[] = [];
        for (let back = at - size + 1; back <= at; back++) {
          const pair = { x: market_return[back]!, y: daily_return[back]! };
          if (!Number.isNaN(pair.x + pair.y)) pairs.push(pair);
        }
        const beta = slope(window, at);
        if (pairs.length < requiredObservations(size)) {
          assert.ok(Number.isNaN(beta));
          continue;
        }
        // Least squares: residuals sum to 0, and so do their products with x.
        const alpha = intercept(window, at, beta);
        const residuals = pairs.map(({ x, y }) => y - alpha - beta * x);
        assert.ok(Math.abs(residuals.reduce((sum, e) => sum + e, 0)) < 1e-12);
        assert.ok(Math.abs(pairs.reduce((sum, { x }, i) => sum + x * residuals[i]!, 0)) < 1e-12);
        const squares = residuals.reduce((sum, e) => sum + e * e, 0);
        assertClose(residualSquares(window, at, beta), squares, 1e-9);
      }
    }
  });
});
