import { market_cap } from "../../../shared/factors/library/market-cap.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("market_cap", () => {
  // How it comes about is shown where companies are read.
  it("is the capitalisation", () => {
    assertClose(atOneSession(market_cap, { market_cap: 240 }), 240);
  });
});
