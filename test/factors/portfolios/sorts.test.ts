import assert from "node:assert/strict";
import {
  highMinusLow,
  quantileOf,
  sixReturns,
  smallMinusBig,
  sortTwoByThree,
} from "../../../shared/factors/portfolios/sorts.ts";
import { assertClose } from "../support/assert-close.ts";

describe("Fama and French's sorts", () => {
  // Sizes 1 to 10, median 5.5; values 10 down to 1: 30 % at 3.7, 70 % at 7.3.
  const sizes = Float64Array.from({ length: 11 }, (_, at) => at + 1);
  const values = Float64Array.from({ length: 11 }, (_, at) => (at < 10 ? 10 - at : NaN));
  const places = sortTwoByThree(sizes, values);

  it("cut at the median of size and at the 30th and 70th percentile, of those that have both", () => {
    const names = places.map((place) => (place ? place.size + place.level : ""));
    assert.deepEqual(names, ["SH", "SH", "SH", "SN", "SN", "BN", "BN", "BL", "BL", "BL", ""]);
    const sorted = Float64Array.from({ length: 10 }, (_, at) => at + 1);
    assertClose(quantileOf(sorted, 0.3), 3.7);
    assertClose(quantileOf(sorted, 0.7), 7.3);
  });

  it("weigh returns by the capitalisation before, and leave out who has none", () => {
    const weights = Float64Array.of(1, 1, 2, 1, 3, 4, 4, 1, 1, 2, 100);
    const returns = Float64Array.of(0.1, NaN, 0.04, 0, 0.02, 0.01, 0.03, -0.02, 0, 0.01, 9);
    const six = sixReturns(places, weights, returns);
    // SH: (1 * 0.10 + 2 * 0.04) / 3; SN: (0 + 3 * 0.02) / 4; BN: 0.02; BL: (-0.02 + 0 + 0.02) / 4 = 0; nobody is SL or BH.
    assertClose(six.SH, 0.06);
    assertClose(six.SN, 0.015);
    assertClose(six.BN, 0.02);
    assertClose(six.BL, 0);
    assert.ok(Number.isNaN(six.SL) && Number.isNaN(six.BH));
    assert.ok(Number.isNaN(highMinusLow(six)), "a side without members has no return");
  });

  it("give high less low over both sizes, and small less big over three levels", () => {
    const six = { SL: 0.01, SN: 0.02, SH: 0.06, BL: -0.01, BN: 0, BH: 0.01 };
    // (0.06 + 0.01) / 2 - (0.01 - 0.01) / 2; 0.09 / 3 - 0 / 3.
    assertClose(highMinusLow(six), 0.035);
    assertClose(smallMinusBig(six), 0.03);
  });
});
