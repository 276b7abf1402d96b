import { risk_tone } from "../../../shared/factors/library/risk-tone.ts";
import { assertClose } from "../support/assert-close.ts";
import { overSessions } from "../support/over-sessions.ts";

describe("risk_tone", () => {
  it("is what the document says, until the next one", () => {
    assertClose(overSessions(risk_tone, { text_risk_tone: [-0.4] })[0], -0.4);
  });
});
