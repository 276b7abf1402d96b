import assert from "node:assert/strict";
import { report_esg_change } from "../../../shared/factors/library/report-esg-change.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_esg_change", () => {
  it("is the rating minus the one of the year before, and nothing without one", () => {
    const values = valuesOf(report_esg_change, {
      text_report_rating_esg: Float64Array.of(7.5, 7.5),
      text_report_rating_esg_year_ago: Float64Array.of(6, NaN),
    });
    assertClose(values[0], 1.5);
    assert.ok(Number.isNaN(values[1]));
  });
});
