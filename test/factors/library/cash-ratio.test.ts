import assert from "node:assert/strict";
import { cash_ratio } from "../../../shared/factors/library/cash-ratio.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("cash_ratio", () => {
  // 30 against 120.
  it("is cash over what falls due", () => {
    assertClose(atOneSession(cash_ratio, { cash: 30, current_liabilities: 120 }), 0.25);
  });

  it("has no value where nothing falls due", () => {
    assert.ok(Number.isNaN(atOneSession(cash_ratio, { cash: 30, current_liabilities: 0 })));
  });
});
