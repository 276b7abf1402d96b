import { report_ceo } from "../../../shared/factors/library/report-ceo.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_ceo", () => {
  it("is the rating", () => {
    assertClose(overSessions(report_ceo, { text_report_rating_ceo: [7.5] })[0], 7.5);
  });
});
