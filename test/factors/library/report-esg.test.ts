import { report_esg } from "../../../shared/factors/library/report-esg.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_esg", () => {
  it("is the rating", () => {
    assertClose(overSessions(report_esg, { text_report_rating_esg: [7.5] })[0], 7.5);
  });
});
