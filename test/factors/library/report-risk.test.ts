import { report_risk } from "../../../shared/factors/library/report-risk.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_risk", () => {
  it("is the rating", () => {
    assertClose(valuesOf(report_risk, { text_report_rating_risk: Float64Array.of(7.5) })[0], 7.5);
  });
});
