import assert from "node:assert/strict";
import { return_on_equity } from "../../../shared/factors/library/return-on-equity.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("return_on_equity", () => {
  // 15 on the 100 there were.
  it("is the year's earnings on what it began with", () => {
    assertClose(atOneSession(return_on_equity, { net_income_ttm: 15, equity_year_ago: 100 }), 0.15);
  });

  it("has no value where there was no equity", () => {
    assert.ok(
      Number.isNaN(atOneSession(return_on_equity, { net_income_ttm: 15, equity_year_ago: -1 })),
    );
  });
});
