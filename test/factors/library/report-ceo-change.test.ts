import assert from "node:assert/strict";
import { report_ceo_change } from "../../../shared/factors/library/report-ceo-change.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("report_ceo_change", () => {
  it("is the rating minus the one of the year before, and nothing without one", () => {
    const values = overSessions(report_ceo_change, {
      text_report_rating_ceo: [7.5, 7.5],
      text_report_rating_ceo_year_ago: [6, NaN],
    });
    assertClose(values[0], 1.5);
    assert.ok(Number.isNaN(values[1]));
  });
});
