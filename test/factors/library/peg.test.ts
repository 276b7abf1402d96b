import assert from "node:assert/strict";
import { peg } from "../../../shared/factors/library/peg.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("peg", () => {
  // 300 for 15 is 20; a share earned 2.50 after 2.00, 25 % more: 20 / 25.
  it("is the price of earnings over their growth in percent", () => {
    assertClose(
      atOneSession(peg, {
        market_cap: 300,
        net_income_ttm: 15,
        eps_diluted_annual: 2.5,
        eps_diluted_annual_year_ago: 2,
      }),
      0.8,
    );
  });

  it("has no value where earnings fell", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(peg, {
          market_cap: 300,
          net_income_ttm: 15,
          eps_diluted_annual: 1.5,
          eps_diluted_annual_year_ago: 2,
        }),
      ),
    );
  });

  it("has no value where there was a loss before", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(peg, {
          market_cap: 300,
          net_income_ttm: 15,
          eps_diluted_annual: 2.5,
          eps_diluted_annual_year_ago: -2,
        }),
      ),
    );
  });
});
