import { gross_margin_change } from "../../../shared/factors/library/gross-margin-change.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("gross_margin_change", () => {
  // 40 of 100 after 28 of 80: 0.40 - 0.35.
  it("is the margin less that of a year ago", () => {
    assertClose(
      atOneSession(gross_margin_change, {
        gross_profit_ttm: 40,
        revenue_ttm: 100,
        gross_profit_ttm_year_ago: 28,
        revenue_ttm_year_ago: 80,
      }),
      0.05,
    );
  });
});
