import assert from "node:assert/strict";
import { heatClass, quantileColour } from "../../../shared/evaluation/tear-sheet/colours.ts";
import { heatCell, shortCoefficient } from "../../../shared/evaluation/tear-sheet/table.ts";

describe("a heat map's cell", () => {
  it("is the deeper the further from zero, on its own side", () => {
    assert.deepEqual(
      [0, 0.004, 0.03, 0.06, 0.6, -0.03, -0.06].map((value) => heatClass(value, 0.06)),
      ["", "", "p3", "p6", "p6", "n3", "n6"],
    );
  });

  it("has no colour where undefined, or where all values are zero", () => {
    assert.equal(heatClass(null, 1), "");
    assert.equal(heatClass(NaN, 1), "");
    assert.equal(heatClass(0, 0), "");
  });

  it("carries its number, short", () => {
    assert.deepEqual(
      [0.0412, -0.1131, 1, -1, 0, NaN].map((value) => shortCoefficient(value)),
      [".041", "−.113", "1.00", "−1.00", ".000", ""],
    );
    assert.equal(heatCell(-0.5, 1, "−.50").toString(), '<td class="n3">−.50</td>');
  });
});

describe("a quantile's colour", () => {
  it("goes from low over a neutral middle to high", () => {
    assert.match(quantileColour(0, 5), /--low\) 100%/);
    assert.equal(quantileColour(2, 5), "var(--middle)");
    assert.match(quantileColour(3, 5), /--high\) 50%/);
    assert.equal(quantileColour(0, 1), "var(--middle)");
  });
});
