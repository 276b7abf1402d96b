import assert from "node:assert/strict";
import { requiredObservations } from "../../../shared/factors/kernels/coverage.ts";
import { trailingVolatility } from "../../../shared/factors/kernels/trailing-volatility.ts";
import { assertClose } from "../support/assert-close.ts";
import { madeInputs } from "../support/made-inputs.ts";

describe("trailingVolatility", () => {
  it("agrees with the two-pass standard deviation of what is there", () => {
    const { daily_return } = madeInputs(5, 400);
    for (const window of [3, 20, 252]) {
      const values = trailingVolatility(daily_return, window, 17);
      for (let at = window - 1; at < daily_return.length; at++) {
        const there = daily_return
          .slice(at - window + 1, at + 1)
          .filter((value) => !Number.isNaN(value));
        if (there.length < requiredObservations(window)) {
          assert.ok(Number.isNaN(values[at]));
          continue;
        }
        const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
        const squares = there.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        assertClose(values[at], Math.sqrt(squares / (there.length - 1)), 1e-9);
      }
    }
  });
});
