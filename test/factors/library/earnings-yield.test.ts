import assert from "node:assert/strict";
import { earnings_yield } from "../../../shared/factors/library/earnings-yield.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("earnings_yield", () => {
  // 12 in the year, for which the market pays 240.
  it("is the year's over what the market pays", () => {
    assertClose(atOneSession(earnings_yield, { net_income_ttm: 12, market_cap: 240 }), 0.05);
  });

  it("is below 0 where the year's is", () => {
    assertClose(atOneSession(earnings_yield, { net_income_ttm: -12, market_cap: 240 }), -0.05);
  });

  it("has no value where the year is not known", () => {
    assert.ok(Number.isNaN(atOneSession(earnings_yield, { net_income_ttm: NaN, market_cap: 240 })));
  });
});
