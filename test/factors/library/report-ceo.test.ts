import { report_ceo } from "../../../shared/factors/library/report-ceo.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_ceo", () => {
  it("is the rating", () => {
    assertClose(valuesOf(report_ceo, { text_report_rating_ceo: Float64Array.of(7.5) })[0], 7.5);
  });
});
