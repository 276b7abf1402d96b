import assert from "node:assert/strict";
import { report_market_change } from "../../../shared/factors/library/report-market-change.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_market_change", () => {
  it("is the rating minus the one of the year before, and nothing without one", () => {
    const values = valuesOf(report_market_change, {
      text_report_rating_market: Float64Array.of(7.5, 7.5),
      text_report_rating_market_year_ago: Float64Array.of(6, NaN),
    });
    assertClose(values[0], 1.5);
    assert.ok(Number.isNaN(values[1]));
  });
});
