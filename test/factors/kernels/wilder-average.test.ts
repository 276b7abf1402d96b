import assert from "node:assert/strict";
import fc from "fast-check";
import { requiredObservations } from "../../../shared/factors/kernels/coverage.ts";
import { wilderAverages } from "../../../shared/factors/kernels/wilder-average.ts";
import { assertClose } from "../support/assert-close.ts";

/** The definition word by word, for the window that ends at `at`. */
function byDefinition(values: readonly number[], n: number, window: number, at: number): number {
  const sessions = values.slice(Math.max(0, at - window + 1), at + 1);
  const first = sessions.findIndex((value) => !Number.isNaN(value));
  const there = sessions.filter((value) => !Number.isNaN(value));
  if (there.length < n || there.length < requiredObservations(sessions.length - first)) return NaN;
  let average = there.slice(0, n).reduce((sum, value) => sum + value, 0) / n;
  for (const value of there.slice(n)) average = ((n - 1) * average + value) / n;
  return average;
}

describe("wilderAverages", () => {
  it("is the simple average of the first n, then moves by an n-th of each surprise", () => {
    // n = 2: (1 + 3) / 2 = 2; (2 + 6) / 2 = 4; (4 + 0) / 2 = 2. A window of 3 at the end begins with 3: (3 +
    // 6) / 2 = 4.5, then (4.5 + 0) / 2.
    const values = Float64Array.of(1, 3, 6, 0);
    assert.deepEqual([...wilderAverages(values, 2, 4, 0)], [NaN, 2, 4, 2]);
    assert.deepEqual([...wilderAverages(values, 2, 3, 0)], [NaN, 2, 4, 2.25]);
  });

  it("agrees with the definition, whatever is missing", () => {
    const value = fc.oneof(
      { weight: 15, arbitrary: fc.double({ min: 0.01, max: 1, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 120 }),
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 0, max: 60 }),
        fc.nat(1000),
        (list, n, more, epoch) => {
          const averages = wilderAverages(Float64Array.from(list), n, n + more, epoch);
          for (let at = 0; at < list.length; at++) {
            const expected = byDefinition(list, n, n + more, at);
            if (Number.isNaN(expected)) assert.ok(Number.isNaN(averages[at]));
            else assertClose(averages[at], expected);
          }
        },
      ),
    );
  });
});
