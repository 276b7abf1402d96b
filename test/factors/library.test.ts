import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import fc from "fast-check";
import type { FactorDefinition, FactorInputs } from "../../shared/factors/define.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";

const library = await loadLibrary();
import { assertSameBits } from "./support/assert-close.ts";
import { madeInputs, mapInputs } from "./support/made-inputs.ts";
import { valuesOf } from "./support/values-of.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const few = { numRuns: 12 };

/**
 * Values of positions `from .. to`, from no more of the arrays than the look-back asks for, as one piece of a
 * split.
 */
function piece(
  factor: FactorDefinition,
  inputs: FactorInputs,
  from: number,
  to: number,
): Float64Array {
  const begin = Math.max(0, from - factor.lookback);
  const part = mapInputs(inputs, (values) => values.slice(begin, to));
  const window = { from: from - begin, to: to - begin, epoch: begin };
  return valuesOf(factor, part, window).subarray(window.from);
}

describe("factor library", () => {
  it("lists every file of its folder once, in kebab-case of the factor's name", () => {
    const folder = new URL("../../shared/factors/library/", import.meta.url);
    const files = readdirSync(folder).filter((file) => file !== "index.ts");
    const expected = library.map(({ name }) => `${name.replaceAll("_", "-")}.ts`);
    assert.deepEqual(files.toSorted(), expected.toSorted());
  });

  it("has a test for every factor", () => {
    const tests = readdirSync(new URL("library/", import.meta.url));
    const expected = library.map(({ name }) => `${name.replaceAll("_", "-")}.test.ts`);
    assert.deepEqual(tests.toSorted(), expected.toSorted());
  });

  it("says what each factor is", () => {
    for (const factor of library) {
      assert.match(factor.name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      assert.ok(factor.title !== "" && factor.formula !== "");
      assert.match(factor.reference, /\(\d{4}\)|ChartSchool/);
      assert.equal(new Set(factor.inputs).size, factor.inputs.length);
    }
  });
});

for (const factor of library) {
  describe(`${factor.name}, whatever the data`, () => {
    const length = factor.lookback + 80;
    const last = length - 1;

    it("has the same bits under any split by day", () => {
      fc.assert(
        fc.property(
          seeds,
          fc.uniqueArray(fc.integer({ min: 1, max: last }), { maxLength: 6 }),
          (seed, cuts) => {
            const inputs = madeInputs(seed, length);
            const bounds = [0, ...cuts.toSorted((a, b) => a - b), length];
            const pieces = bounds
              .slice(1)
              .map((to, index) => piece(factor, inputs, bounds[index]!, to));
            const joined = Float64Array.from(pieces.flatMap((values) => [...values]));
            assertSameBits(joined, valuesOf(factor, inputs));
          },
        ),
        few,
      );
    });

    it("does not change when later sessions are appended", () => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: 1, max: last }), (seed, known) => {
          const inputs = madeInputs(seed, length);
          const earlier = mapInputs(inputs, (values) => values.slice(0, known));
          assertSameBits(valuesOf(factor, earlier), valuesOf(factor, inputs).subarray(0, known));
        }),
        few,
      );
    });

    it("reads nothing before its look-back, and something at its very end", () => {
      const touched = new Set<string>();
      fc.assert(
        fc.property(seeds, (seed) => {
          const inputs = madeInputs(seed, length);
          const value = valuesOf(factor, inputs)[last]!;
          const first = last - factor.lookback;
          const cut = mapInputs(inputs, (values) => values.map((x, at) => (at < first ? NaN : x)));
          assert.ok(Object.is(valuesOf(factor, cut)[last], value));
          for (const name of factor.inputs) {
            const changed = mapInputs(inputs, (values, input) =>
              values.map((x, at) => (at === first && input === name ? 10 * x : x)),
            );
            if (!Object.is(valuesOf(factor, changed)[last], value)) touched.add(name);
          }
        }),
        { numRuns: Math.max(40, 20 * factor.inputs.length) },
      );
      assert.deepEqual([...touched].toSorted(), [...factor.inputs].toSorted());
    });

    it("reads only the inputs it names, and changes none of them", () => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const inputs = madeInputs(seed, length);
          const before = mapInputs(inputs, (values) => values.slice());
          const values = valuesOf(factor, inputs);
          const named: Partial<FactorInputs> = Object.fromEntries(
            factor.inputs.map((name) => [name, inputs[name]]),
          );
          assertSameBits(valuesOf(factor, named), values);
          for (const name of factor.inputs) assertSameBits(inputs[name]!, before[name]!);
        }),
        few,
      );
    });

    it("fills no position outside the window asked for", () => {
      const inputs = madeInputs(1, length);
      const window = { from: factor.lookback + 10, to: factor.lookback + 20 };
      const whole = valuesOf(factor, inputs);
      const expected = whole.map((x, at) => (at >= window.from && at < window.to ? x : NaN));
      assertSameBits(valuesOf(factor, inputs, window), expected);
    });

    it("is a finite number or NaN, and a number somewhere", () => {
      let numbers = 0;
      fc.assert(
        fc.property(seeds, (seed) => {
          for (const value of valuesOf(factor, madeInputs(seed, length))) {
            assert.ok(Number.isFinite(value) || Number.isNaN(value));
            if (Number.isFinite(value)) numbers++;
          }
        }),
        few,
      );
      assert.ok(numbers > 0);
    });

    it("has no value of a security without any", () => {
      const nothing = { [factor.inputs[0]!]: new Float64Array(length).fill(NaN) };
      assert.ok(valuesOf(factor, nothing).every((value) => Number.isNaN(value)));
    });

    it("does not depend on the level of prices", () => {
      // By a power of two, so that not a bit may differ.
      const inputs = madeInputs(2, length);
      const higher = { ...inputs, price: inputs.price.map((x) => 8 * x) };
      const total_return = inputs.total_return.map((x) => 8 * x);
      assertSameBits(valuesOf(factor, { ...higher, total_return }), valuesOf(factor, inputs));
    });
  });
}
