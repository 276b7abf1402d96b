import assert from "node:assert/strict";
import { altman_z } from "../../../shared/factors/library/altman-z.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("altman_z", () => {
  // On assets of 200: 1.2 * 40 / 200 = 0.24, 1.4 * 50 / 200 = 0.35, 3.3 * 20 / 200 = 0.33, 0.6 * 300 / 100 = 1.8,
  // 180 / 200 = 0.9; together 3.62.
  it("weighs five ratios", () => {
    assertClose(
      atOneSession(altman_z, {
        current_assets: 100,
        current_liabilities: 60,
        retained_earnings: 50,
        operating_income_ttm: 20,
        market_cap: 300,
        liabilities: 100,
        revenue_ttm: 180,
        assets: 200,
      }),
      3.62,
    );
  });

  it("has no value where one of them is missing", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(altman_z, {
          current_assets: NaN,
          current_liabilities: 60,
          retained_earnings: 50,
          operating_income_ttm: 20,
          market_cap: 300,
          liabilities: 100,
          revenue_ttm: 180,
          assets: 200,
        }),
      ),
    );
  });
});
