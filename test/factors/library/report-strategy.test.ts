import { report_strategy } from "../../../shared/factors/library/report-strategy.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_strategy", () => {
  it("is the rating", () => {
    assertClose(overSessions(report_strategy, { text_report_rating_strategy: [7.5] })[0], 7.5);
  });
});
