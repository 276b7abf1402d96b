import assert from "node:assert/strict";
import { debt_to_equity } from "../../../shared/factors/library/debt-to-equity.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("debt_to_equity", () => {
  // 10 + 50 on 120.
  it("is all debt over equity", () => {
    assertClose(
      atOneSession(debt_to_equity, { short_term_debt: 10, long_term_debt: 50, equity: 120 }),
      0.5,
    );
  });

  it("takes no debt for none where it is not told", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(debt_to_equity, { short_term_debt: NaN, long_term_debt: 50, equity: 120 }),
      ),
    );
  });
});
