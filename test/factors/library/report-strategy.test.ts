import { report_strategy } from "../../../shared/factors/library/report-strategy.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_strategy", () => {
  it("is the rating", () => {
    assertClose(
      valuesOf(report_strategy, { text_report_rating_strategy: Float64Array.of(7.5) })[0],
      7.5,
    );
  });
});
