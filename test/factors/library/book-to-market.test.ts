import assert from "node:assert/strict";
import { book_to_market } from "../../../shared/factors/library/book-to-market.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("book_to_market", () => {
  // 60 of equity, for which the market pays 240.
  it("is equity over what the market pays", () => {
    assertClose(atOneSession(book_to_market, { equity: 60, market_cap: 240 }), 0.25);
  });

  it("has no value of a company that owes more than it has", () => {
    assert.ok(Number.isNaN(atOneSession(book_to_market, { equity: -5, market_cap: 240 })));
  });

  it("has no value without a count of shares", () => {
    assert.ok(Number.isNaN(atOneSession(book_to_market, { equity: 60, market_cap: NaN })));
  });
});
