import assert from "node:assert/strict";
import { high_52w } from "../../../shared/factors/library/high-52w.ts";
import { assertClose } from "../support/assert-close.ts";
import { series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("high_52w", () => {
  // 80 throughout, 100 at session 10, 90 at sessions 260 and 262.
  const price = series(263, 80, { 10: 100, 260: 90, 262: 90 });

  it("is the price over the highest close of 252 sessions", () => {
    const values = valuesOf(high_52w, { price });
    assert.ok(values.subarray(0, 251).every((value) => Number.isNaN(value)));
    assertClose(values[251], 0.8);
    // Session 10 is in the window that ends at 260 (9 .. 260) and at 261, and has left the one at 262 (11 ..
    // 262).
    assertClose(values[260], 0.9);
    assertClose(values[261], 0.8);
    assert.equal(values[262], 1);
  });

  it("has no value on a day without a price", () => {
    assert.ok(Number.isNaN(valuesOf(high_52w, { price: price.with(261, NaN) })[261]));
  });

  it("stands on 202 of 252 closes, not on 201", () => {
    assert.equal(valuesOf(high_52w, { price: withoutFirst(series(252, 80), 50) })[251], 1);
    assert.ok(Number.isNaN(valuesOf(high_52w, { price: withoutFirst(series(252, 80), 51) })[251]));
  });
});
