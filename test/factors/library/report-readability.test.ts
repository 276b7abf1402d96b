import { report_readability } from "../../../shared/factors/library/report-readability.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_readability", () => {
  it("is what the document says, until the next one", () => {
    assertClose(overSessions(report_readability, { text_report_readability: [19.2] })[0], 19.2);
  });
});
