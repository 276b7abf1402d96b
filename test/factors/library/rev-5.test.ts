import assert from "node:assert/strict";
import { rev_5 } from "../../../shared/factors/library/rev-5.ts";
import { assertClose } from "../support/assert-close.ts";
import { series } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("rev_5", () => {
  it("is minus the return of five sessions", () => {
    const total_return = Float64Array.of(100, 101, 99, 98, 97, 95, 101);
    const values = valuesOf(rev_5, { total_return });
    // t = 5: -(95 / 100 - 1) = 0.05; t = 6: -(101 / 101 - 1) = 0, and not -0.
    assert.ok(values.subarray(0, 5).every((value) => Number.isNaN(value)));
    assertClose(values[5], 0.05);
    assert.ok(Object.is(values[6], 0));
  });

  it("takes no older price where an endpoint is missing", () => {
    for (const at of [0, 5]) {
      const total_return = series(6, 100, { [at]: NaN });
      assert.ok(Number.isNaN(valuesOf(rev_5, { total_return })[5]));
    }
  });
});
