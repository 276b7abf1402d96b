import assert from "node:assert/strict";
import { mom_12_1 } from "../../../shared/factors/library/mom-12-1.ts";
import { assertClose } from "../support/assert-close.ts";
import { series } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("mom_12_1", () => {
  // At t = 252: from 80 (t - 252) to 100 (t - 21), 100 / 80 - 1 = 0.25. What came after t - 21 does not
  // count.
  const total_return = series(253, 77, { 0: 80, 231: 100, 252: 999 });

  it("is the return from 252 to 21 sessions ago", () => {
    assertClose(valuesOf(mom_12_1, { total_return })[252], 0.25);
  });

  it("has no value before 252 sessions are there", () => {
    const values = valuesOf(mom_12_1, { total_return });
    assert.ok(values.subarray(0, 252).every((value) => Number.isNaN(value)));
  });

  it("takes no older price where an endpoint is missing", () => {
    for (const at of [0, 231]) {
      const gap = total_return.with(at, NaN);
      assert.ok(Number.isNaN(valuesOf(mom_12_1, { total_return: gap })[252]));
    }
  });

  it("needs no price today", () => {
    assertClose(valuesOf(mom_12_1, { total_return: total_return.with(252, NaN) })[252], 0.25);
  });
});
