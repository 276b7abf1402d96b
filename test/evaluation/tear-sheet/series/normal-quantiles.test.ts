import assert from "node:assert/strict";
import { normalQuantiles } from "../../../../shared/evaluation/tear-sheet/series/normal-quantiles.ts";
import { normal } from "../sample-market.ts";

describe("the points of a Q-Q plot", () => {
  it("are the standardised values over the normal quantiles of (k - 1/2) / n", () => {
    // Deviation of 1, 2, 3 is 1; the normal quantile of 1/6 is -0.967422.
    const points = normalQuantiles(Float64Array.of(3, 1, 2), 10);
    assert.deepEqual(
      points.map((point) => point.map((x) => Number(x.toFixed(6)))),
      [
        [-0.967422, -1],
        [0, 0],
        [0.967422, 1],
      ],
    );
  });

  it("don't exist without variance", () => {
    assert.deepEqual(normalQuantiles(Float64Array.of(2, 2), 10), []);
    assert.deepEqual(normalQuantiles(Float64Array.of(2), 10), []);
    assert.deepEqual(normalQuantiles(new Float64Array(), 10), []);
  });

  it("are thinned in the middle and never at the ends", () => {
    const random = normal(3);
    const values = Float64Array.from({ length: 5000 }, random);
    const [all, few] = [normalQuantiles(values, 5000), normalQuantiles(values, 240)];
    assert.ok(few.length <= 240);
    assert.deepEqual(few.slice(0, 3), all.slice(0, 3));
    assert.deepEqual(few.at(-1), all.at(-1));
    assert.ok(few.every(([x, y]) => Math.abs(x - y) < 0.5));
  });
});
