import assert from "node:assert/strict";
import { inventory_turnover } from "../../../shared/factors/library/inventory-turnover.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("inventory_turnover", () => {
  // 90 from a mean stock of (20 + 10) / 2 = 15.
  it("is how often the stock was sold", () => {
    assertClose(
      atOneSession(inventory_turnover, {
        cost_of_revenue_ttm: 90,
        inventory: 20,
        inventory_year_ago: 10,
      }),
      6,
    );
  });

  it("has no value without a stock", () => {
    assert.ok(
      Number.isNaN(
        atOneSession(inventory_turnover, {
          cost_of_revenue_ttm: 90,
          inventory: 0,
          inventory_year_ago: 0,
        }),
      ),
    );
  });
});
