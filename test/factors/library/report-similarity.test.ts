import { report_similarity } from "../../../shared/factors/library/report-similarity.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_similarity", () => {
  it("is what the document says, until the next one", () => {
    assertClose(
      valuesOf(report_similarity, { text_report_similarity: Float64Array.of(0.97) })[0],
      0.97,
    );
  });
});
