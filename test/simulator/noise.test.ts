import assert from "node:assert/strict";
import { fillNoise } from "../../shared/simulator/noise.ts";
import { digest } from "./digest.ts";

function noise(days: number, assets: number, rho: number, seed = 1): Float64Array {
  const out = new Float64Array(days * assets);
  fillNoise(out, { seed, days, assets, rho });
  return out;
}

describe("fillNoise", () => {
  it("is the same for a seed on every machine, and longer noise begins with the shorter", () => {
    assert.equal(digest(noise(50, 20, 0.9)), "f7adf013974aa702");
    assert.deepEqual(noise(60, 20, 0.9).slice(0, 1000), noise(50, 20, 0.9));
  });

  for (const rho of [0, 0.9, 0.98]) {
    it(`has variance 1 from the first day on and autocorrelation ${rho}`, () => {
      const [days, assets] = [40, 20_000];
      const values = noise(days, assets, rho);
      for (const row of [0, 1, days - 2]) {
        let squares = 0;
        let products = 0;
        for (let asset = 0; asset < assets; asset++) {
          const value = values[row * assets + asset]!;
          squares += value * value;
          products += value * values[(row + 1) * assets + asset]!;
        }
        const error = Math.sqrt(2 / assets);
        assert.ok(Math.abs(squares / assets - 1) < 4 * error, `${squares / assets}`);
        assert.ok(Math.abs(products / assets - rho) < 4 * error, `${products / assets}`);
      }
    });
  }
});
