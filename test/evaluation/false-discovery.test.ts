import assert from "node:assert/strict";
import fc from "fast-check";
import { benjaminiHochberg } from "../../shared/evaluation/false-discovery.ts";

describe("benjamini-hochberg", () => {
  it("rejects the four that Benjamini and Hochberg reject in their own example", () => {
    // Table of section 4 of the paper of 1995: 15 p-values of a study on myocardial infarction; at q = 0.05 the procedure
    // rejects the four smallest, where Bonferroni rejects three.
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1,
    ];
    const rejected = benjaminiHochberg(p).map((value) => value <= 0.05);
    assert.equal(rejected.filter(Boolean).length, 4);
    assert.deepEqual(rejected.slice(0, 4), [true, true, true, true]);
  });

  it("gives R's p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), 'BH'): 0.05 for all", () => {
    for (const value of benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05]))
      assert.ok(Math.abs(value - 0.05) < 1e-15);
  });

  it("does not depend on the order in which the tests stand", () => {
    const adjusted = benjaminiHochberg([0.04, 0.001, 0.5]);
    assert.deepEqual(adjusted, [0.06, 0.003, 0.5]);
  });

  it("counts trials that nobody lists as p = 1: more of them never help", () => {
    const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(ps, fc.nat(50), (p, more) => {
        const few = benjaminiHochberg(p);
        const many = benjaminiHochberg(p, p.length + more);
        for (const [at, value] of few.entries()) {
          assert.ok(value >= p[at]! * (1 - 1e-12) && value <= 1);
          assert.ok(many[at]! >= value);
        }
      }),
    );
  });
});
