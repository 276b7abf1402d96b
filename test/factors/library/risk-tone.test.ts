import { risk_tone } from "../../../shared/factors/library/risk-tone.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("risk_tone", () => {
  it("is what the document says, until the next one", () => {
    assertClose(valuesOf(risk_tone, { text_risk_tone: Float64Array.of(-0.4) })[0], -0.4);
  });
});
