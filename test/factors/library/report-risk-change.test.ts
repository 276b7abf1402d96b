import assert from "node:assert/strict";
import { report_risk_change } from "../../../shared/factors/library/report-risk-change.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_risk_change", () => {
  it("is the rating minus the one of the year before, and nothing without one", () => {
    const values = valuesOf(report_risk_change, {
      text_report_rating_risk: Float64Array.of(7.5, 7.5),
      text_report_rating_risk_year_ago: Float64Array.of(6, NaN),
    });
    assertClose(values[0], 1.5);
    assert.ok(Number.isNaN(values[1]));
  });
});
