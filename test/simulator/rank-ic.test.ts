import assert from "node:assert/strict";
import { drawCompany } from "../../shared/simulator/company.ts";
import { expectedRankIc } from "../../shared/simulator/rank-ic.ts";

const sums = (newest: number, oldest: number, weight = 1): Float64Array =>
  Float64Array.from({ length: oldest + 1 }, (_, lag) => (lag < newest ? 0 : weight));
const equals = Array.from({ length: 30 }, () => drawCompany(1, 7));
const different = Array.from({ length: 30 }, (_, index) => drawCompany(1, index));
const nextDay = { horizon: 1, delay: 0 };

describe("expectedRankIc", () => {
  it("is (3 / pi) rho for equal companies, but for jumps", () => {
    const ic = expectedRankIc(equals, { rev_5: 0.01 }, { weights: sums(0, 4, -1), ...nextDay });
    // Of two companies one jumps on a day with probability 2 / 252, which divides 1 / D by 3 (variance 1 + 16 / 2), and
    // within the 5 days with 10 / 252, by 1.61 (5 + 8 over 5).
    const jumps = (1 - (2 / 252) * (1 - 1 / 3)) * (1 - (10 / 252) * (1 - 1 / 1.61));
    assert.ok(Math.abs(ic / ((3 / Math.PI) * 0.01 * jumps) - 1) < 0.002, `${ic}`);
  });

  it("falls by a fifth with a day's delay, and to nothing beyond the window", () => {
    const rev = { weights: sums(0, 4, -1), horizon: 1 };
    const rho = { rev_5: 0.01 };
    const at = (delay: number): number => expectedRankIc(equals, rho, { ...rev, delay });
    assert.ok(Math.abs(at(1) / at(0) - 0.8) < 0.5 * 0.01); // up to terms in rho squared
    assert.equal(at(5), 0);
  });

  it("is lower where market and sectors set companies apart, and turns with the sign", () => {
    const rho = { mom_12_1: 0.03 };
    const up = { weights: sums(21, 251), ...nextDay };
    const down = { weights: sums(21, 251, -1), ...nextDay };
    assert.ok(expectedRankIc(different, rho, up) < 0.95 * expectedRankIc(equals, rho, up));
    assert.equal(expectedRankIc(different, rho, down), -expectedRankIc(different, rho, up));
  });
});
