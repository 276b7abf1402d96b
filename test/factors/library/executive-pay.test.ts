import assert from "node:assert/strict";
import { executive_pay } from "../../../shared/factors/library/executive-pay.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("executive_pay", () => {
  it("is the pay of the named executives of the revenue of twelve months", () => {
    const values = valuesOf(executive_pay, {
      text_executive_pay: Float64Array.of(45_000_000, 45_000_000, 45_000_000),
      revenue_ttm: Float64Array.of(9_000_000_000, 0, NaN),
    });
    assertClose(values[0], 0.005);
    assert.ok(Number.isNaN(values[1]) && Number.isNaN(values[2]));
  });
});
