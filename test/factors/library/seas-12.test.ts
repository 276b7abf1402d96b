import assert from "node:assert/strict";
import { seas_12 } from "../../../shared/factors/library/seas-12.ts";
import { assertClose } from "../support/assert-close.ts";
import { series } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("seas_12", () => {
  // At t = 252: from 80 (t - 252) to 84 (t - 231), the 21 sessions that followed this day a year ago: 84 / 80
  // - 1 = 0.05.
  const total_return = series(253, 77, { 0: 80, 21: 84 });

  it("is the return of the coming 21 sessions a year ago", () => {
    assertClose(valuesOf(seas_12, { total_return })[252], 0.05);
  });

  it("takes no older price where an endpoint is missing", () => {
    for (const at of [0, 21]) {
      const gap = total_return.with(at, NaN);
      assert.ok(Number.isNaN(valuesOf(seas_12, { total_return: gap })[252]));
    }
  });
});
