import { report_similarity } from "../../../shared/factors/library/report-similarity.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_similarity", () => {
  it("is what the document says, until the next one", () => {
    assertClose(overSessions(report_similarity, { text_report_similarity: [0.97] })[0], 0.97);
  });
});
