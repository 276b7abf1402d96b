import assert from "node:assert/strict";
import { current_ratio } from "../../../shared/factors/library/current-ratio.ts";
import { assertClose } from "../support/assert-close.ts";
import { atOneSession } from "../support/at-one-session.ts";

describe("current_ratio", () => {
  // 150 against 100.
  it("is what can be paid over what falls due", () => {
    assertClose(
      atOneSession(current_ratio, { current_assets: 150, current_liabilities: 100 }),
      1.5,
    );
  });

  it("has no value where nothing falls due", () => {
    assert.ok(
      Number.isNaN(atOneSession(current_ratio, { current_assets: 150, current_liabilities: 0 })),
    );
  });
});
