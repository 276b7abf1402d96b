import assert from "node:assert/strict";
import { interest_coverage } from "../../../shared/factors/library/interest-coverage.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("interest_coverage", () => {
  // 36 pays 9 four times.
  it("is how often interest is paid", () => {
    assertClose(
      atOneSession(interest_coverage, { operating_income_ttm: 36, interest_expense_ttm: 9 }),
      4,
    );
  });

  it("has no value without interest", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(interest_coverage, { operating_income_ttm: 36, interest_expense_ttm: 0 }),
      ),
    );
  });
});
