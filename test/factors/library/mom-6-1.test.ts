import assert from "node:assert/strict";
import { mom_6_1 } from "../../../shared/factors/library/mom-6-1.ts";
import { assertClose } from "../support/assert-close.ts";
import { series } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("mom_6_1", () => {
  // At t = 126: from 50 (t - 126) to 45 (t - 21), 45 / 50 - 1 = -0.1.
  const total_return = series(127, 77, { 0: 50, 105: 45 });

  it("is the return from 126 to 21 sessions ago", () => {
    assertClose(valuesOf(mom_6_1, { total_return })[126], -0.1);
  });

  it("takes no older price where an endpoint is missing", () => {
    for (const at of [0, 105]) {
      const gap = total_return.with(at, NaN);
      assert.ok(Number.isNaN(valuesOf(mom_6_1, { total_return: gap })[126]));
    }
  });
});
