import assert from "node:assert/strict";
import { gross_margin } from "../../../shared/factors/library/gross-margin.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("gross_margin", () => {
  // 40 of 100.
  it("is what is left of sales", () => {
    assertClose(atOneSession(gross_margin, { gross_profit_ttm: 40, revenue_ttm: 100 }), 0.4);
  });

  it("has no value without sales", () => {
    assert.ok(Number.isNaN(atOneSession(gross_margin, { gross_profit_ttm: 40, revenue_ttm: 0 })));
  });
});
