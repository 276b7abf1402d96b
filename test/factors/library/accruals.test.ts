import { accruals } from "../../../shared/factors/library/accruals.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("accruals", () => {
  // 20 earned, 8 came in: 12, on a mean of (220 + 180) / 2 = 200.
  it("is what did not come in as cash on mean assets", () => {
    assertClose(
      atOneSession(accruals, {
        net_income_ttm: 20,
        operating_cash_flow_ttm: 8,
        assets: 220,
        assets_year_ago: 180,
      }),
      0.06,
    );
  });
});
