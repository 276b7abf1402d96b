import { report_market } from "../../../shared/factors/library/report-market.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_market", () => {
  it("is the rating", () => {
    assertClose(
      valuesOf(report_market, { text_report_rating_market: Float64Array.of(7.5) })[0],
      7.5,
    );
  });
});
