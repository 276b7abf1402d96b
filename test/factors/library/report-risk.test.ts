import { report_risk } from "../../../shared/factors/library/report-risk.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_risk", () => {
  it("is the rating", () => {
    assertClose(overSessions(report_risk, { text_report_rating_risk: [7.5] })[0], 7.5);
  });
});
