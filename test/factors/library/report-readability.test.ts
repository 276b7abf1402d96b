import { report_readability } from "../../../shared/factors/library/report-readability.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("report_readability", () => {
  it("is what the document says, until the next one", () => {
    assertClose(
      valuesOf(report_readability, { text_report_readability: Float64Array.of(19.2) })[0],
      19.2,
    );
  });
});
