import assert from "node:assert/strict";
import fc from "fast-check";
import {
  centeredSquares,
  withoutRoundingNoise,
} from "../../../shared/factors/kernels/centered-squares.ts";
import { assertClose } from "../support/assert-close.ts";

describe("centeredSquares", () => {
  it("is the sum of squared deviations", () => {
    // 1, 2, 6: mean 3, deviations -2, -1, 3, squares 4 + 1 + 9.
    assert.equal(centeredSquares(41, 9, 3), 14);
  });

  it("is exactly 0 of equal values, however their sums round", () => {
    const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 2, max: 756 }), (x, count) => {
        let sum = 0;
        let squares = 0;
        for (let at = 0; at < count; at++) {
          sum += x;
          squares += x * x;
        }
        assert.equal(centeredSquares(squares, sum, count), 0);
      }),
    );
  });

  it("keeps a deviation of a hundred-thousandth of the mean", () => {
    // 1 - d and 1 + d: squares 2 + 2 d^2, so 2 d^2 is left; a few digits of it are lost to the 2.
    const d = 1e-5;
    assertClose(centeredSquares((1 - d) ** 2 + (1 + d) ** 2, 2, 2), 2 * d * d, 1e-5);
  });
});

describe("withoutRoundingNoise", () => {
  it("keeps NaN", () => {
    assert.ok(Number.isNaN(withoutRoundingNoise(NaN, 1)));
  });
});
