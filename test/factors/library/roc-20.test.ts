import assert from "node:assert/strict";
import { roc_20 } from "../../../shared/factors/library/roc-20.ts";
import { assertClose } from "../support/assert-close.ts";
import { series } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("roc_20", () => {
  // At t = 20: 100 * (55 / 50 - 1) = 10 percent.
  const price = series(21, 48, { 0: 50, 20: 55 });

  it("is the change of price over 20 sessions in percent", () => {
    assertClose(valuesOf(roc_20, { price })[20], 10);
  });

  it("takes no older price where an endpoint is missing", () => {
    for (const at of [0, 20]) {
      assert.ok(Number.isNaN(valuesOf(roc_20, { price: price.with(at, NaN) })[20]));
    }
  });
});
