import assert from "node:assert/strict";
import { RandomStream } from "../../shared/simulator/random.ts";

/** The standard normal distribution function, from a printed table. */
const table = [
  [-3.5, 0.000232629],
  [-3, 0.001349898],
  [-2, 0.022750132],
  [-1, 0.158655254],
  [-0.5, 0.308537539],
  [0, 0.5],
  [0.25, 0.598706326],
  [1.5, 0.933192799],
  [2.5, 0.993790335],
  [4, 0.999968329],
] as const;

describe("normal", () => {
  const count = 1_000_000;
  const values = new Float64Array(count);
  before(() => {
    new RandomStream(7, "normal").fillNormal(values);
  });

  for (const [x, probability] of table) {
    it(`falls below ${x} as often as the table says`, () => {
      const below = values.reduce((sum, value) => sum + (value < x ? 1 : 0), 0) / count;
      const error = Math.sqrt((probability * (1 - probability)) / count);
      assert.ok(Math.abs(below - probability) < 4 * error, `${below} for ${probability}`);
    });
  }

  it("has kurtosis 3 and no memory", () => {
    let fourth = 0;
    let lagged = 0;
    for (let at = 1; at < count; at++) {
      fourth += values[at]! ** 4;
      lagged += values[at]! * values[at - 1]!;
    }
    assert.ok(Math.abs(fourth / count - 3) < 4 * Math.sqrt(96 / count), `${fourth / count}`);
    assert.ok(Math.abs(lagged / count) < 4 / Math.sqrt(count), `${lagged / count}`);
  });
});
