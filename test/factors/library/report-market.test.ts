import { report_market } from "../../../shared/factors/library/report-market.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_market", () => {
  it("is the rating", () => {
    assertClose(overSessions(report_market, { text_report_rating_market: [7.5] })[0], 7.5);
  });
});
