import assert from "node:assert/strict";
import fc from "fast-check";
import { ArgSort } from "../../shared/evaluation/argsort.ts";

/** The order by a comparator: stable, as the language's own sort is. */
function plainOrder(values: Float64Array): number[] {
  return Array.from(values, (_, at) => at).sort((a, b) => values[a]! - values[b]!);
}

function order(values: Float64Array, capacity = values.length): number[] {
  return [...new ArgSort(capacity).sort(values, values.length)];
}

describe("ArgSort", () => {
  it("gives the positions a stable comparator sort gives, for any doubles", () => {
    const doubles = fc.float64Array({ noNaN: true, maxLength: 300 });
    fc.assert(
      fc.property(doubles, (values) => {
        assert.deepEqual(order(values), plainOrder(values));
      }),
    );
  });

  it("does so with wide digits, of a large capacity, too", () => {
    const doubles = fc.float64Array({ noNaN: true, maxLength: 300 });
    fc.assert(
      fc.property(doubles, (values) => {
        assert.deepEqual(order(values, 4096), plainOrder(values));
      }),
    );
  });

  it("orders values that differ in their last bits only", () => {
    const clustered = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 200, maxLength: 300 });
    fc.assert(
      fc.property(clustered, (steps) => {
        const values = Float64Array.from(steps, (step) => 1 + step * Number.EPSILON);
        assert.deepEqual(order(values), plainOrder(values));
        assert.deepEqual(order(values.map((v) => -v)), plainOrder(values.map((v) => -v)));
      }),
    );
  });

  it("takes 0 and -0 for equal, and infinities for what they are", () => {
    assert.deepEqual(order(Float64Array.of(0, -0, Infinity, -Infinity, 0)), [3, 0, 1, 4, 2]);
  });

  it("looks at the first values alone", () => {
    const sort = new ArgSort(8);
    assert.deepEqual([...sort.sort(Float64Array.of(3, 1, 2, -9), 3)], [1, 2, 0]);
    assert.deepEqual([...sort.sort(Float64Array.of(1, 2), 0)], []);
  });
});
