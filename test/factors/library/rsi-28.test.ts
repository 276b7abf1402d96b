import assert from "node:assert/strict";
import { rsi_28 } from "../../../shared/factors/library/rsi-28.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("rsi_28", () => {
  it("is seeded by the simple averages of 28 changes and goes on by Wilder's", () => {
    // Three rises of 1 and one fall of 1, seven times over, then a fall of 4.
    const path = [100];
    for (let at = 1; at <= 28; at++) path.push(path.at(-1)! + (at % 4 === 0 ? -1 : 1));
    path.push(path.at(-1)! - 4);
    const values = valuesOf(rsi_28, { price: Float64Array.from(path) });
    // t = 28: G = 21 / 28, L = 7 / 28, so 75.
    assert.ok(values.subarray(0, 28).every((value) => Number.isNaN(value)));
    assertClose(values[28], 75);
    // t = 29: G = (27 * 21 / 28) / 28 = 567 / 784, L = (27 * 7 / 28 + 4) / 28 = 301 / 784, so 100 * 567 / 868
    // = 65.323.
    assertClose(values[29], 56_700 / 868);
  });
});
