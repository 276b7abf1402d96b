import assert from "node:assert/strict";
import { gross_profitability } from "../../../shared/factors/library/gross-profitability.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("gross_profitability", () => {
  // 40 on 200.
  it("is gross profit over assets", () => {
    assertClose(
      atOneSession(gross_profitability, {
        gross_profit_ttm: 40,
        revenue_ttm: 100,
        cost_of_revenue_ttm: 70,
        assets: 200,
      }),
      0.2,
    );
  });

  // Not told: 100 - 70 = 30, on 200.
  it("takes sales less their cost where it is not told", () => {
    assertClose(
      atOneSession(gross_profitability, {
        gross_profit_ttm: NaN,
        revenue_ttm: 100,
        cost_of_revenue_ttm: 70,
        assets: 200,
      }),
      0.15,
    );
  });

  it("has no value of a bank, which has neither", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(gross_profitability, {
          gross_profit_ttm: NaN,
          revenue_ttm: 100,
          cost_of_revenue_ttm: NaN,
          assets: 200,
        }),
      ),
    );
  });
});
