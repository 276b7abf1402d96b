import { report_esg } from "../../../shared/factors/library/report-esg.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_esg", () => {
  it("is the rating", () => {
    assertClose(valuesOf(report_esg, { text_report_rating_esg: Float64Array.of(7.5) })[0], 7.5);
  });
});
