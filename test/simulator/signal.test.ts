import assert from "node:assert/strict";
import { fillNoise } from "../../shared/simulator/noise.ts";
import { fillSignal } from "../../shared/simulator/signal.ts";
import { mean, spearman, standardError } from "./rank-ics.ts";

const [days, assets] = [400, 300];

/** Fat-tailed returns: the signal must not depend on their distribution. */
function returns(): Float64Array {
  const out = new Float64Array(days * assets);
  fillNoise(out, { seed: 8, days, assets, rho: 0 });
  return out.map((value) => 0.01 * value ** 3);
}

describe("fillSignal", () => {
  for (const [ic, rho] of [
    [0.05, 0.98],
    [0.3, 0.5],
    [0, 0.9],
  ] as const) {
    it(`ranks the next day's returns with an IC of ${ic} at persistence ${rho}`, () => {
      const forward = returns();
      const signal = new Float64Array(days * assets);
      fillSignal(signal, forward, { seed: 4, days, assets, rho, ic });
      const row = (table: Float64Array, day: number): Float64Array =>
        table.subarray(day * assets, (day + 1) * assets);
      const ics: number[] = [];
      const memories: number[] = [];
      for (let day = 0; day < days; day++) {
        ics.push(spearman(row(signal, day), row(forward, day)));
        if (day > 0) memories.push(spearman(row(signal, day), row(signal, day - 1)));
      }
      assert.ok(Math.abs(mean(ics) - ic) < 4 * standardError(ics), `${mean(ics)}`);
      const share = 2 * Math.sin((Math.PI * ic) / 6);
      const memory = (6 / Math.PI) * Math.asin(((1 - share * share) * rho) / 2);
      assert.ok(Math.abs(mean(memories) - memory) < 0.01, `${mean(memories)} for ${memory}`);
    });
  }

  it("is noise alone where the return is missing", () => {
    const forward = returns().fill(NaN, 0, assets);
    const options = { seed: 4, days, assets, rho: 0.9 };
    const signal = new Float64Array(days * assets);
    const noise = new Float64Array(days * assets);
    fillSignal(signal, forward, { ...options, ic: 0.2 });
    fillNoise(noise, options);
    assert.deepEqual(signal.slice(0, assets), noise.slice(0, assets));
    assert.notEqual(signal[assets], noise[assets]);
  });
});
