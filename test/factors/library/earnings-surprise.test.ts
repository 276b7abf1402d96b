import { earnings_surprise } from "../../../shared/factors/library/earnings-surprise.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("earnings_surprise", () => {
  // How it comes about is shown where statements are read.
  it("is the surprise that the statements give", () => {
    assertClose(atOneSession(earnings_surprise, { net_income_surprise: 1.75 }), 1.75);
  });
});
