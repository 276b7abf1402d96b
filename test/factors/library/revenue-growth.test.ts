import assert from "node:assert/strict";
import { revenue_growth } from "../../../shared/factors/library/revenue-growth.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("revenue_growth", () => {
  // From 80 to 100.
  it("is the growth of a year", () => {
    assertClose(atOneSession(revenue_growth, { revenue_ttm: 100, revenue_ttm_year_ago: 80 }), 0.25);
  });

  it("has no value where there were no sales", () => {
    assert.ok(
      Number.isNaN(atOneSession(revenue_growth, { revenue_ttm: 100, revenue_ttm_year_ago: 0 })),
    );
  });
});
