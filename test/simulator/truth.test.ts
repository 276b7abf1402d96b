import assert from "node:assert/strict";
import { simulateMarket } from "../../shared/simulator/market.ts";
import type { PlantedRho } from "../../shared/simulator/plants.ts";
import { plantedTruth } from "../../shared/simulator/truth.ts";
import { day } from "./days.ts";
import { mean, rankIcs, standardError } from "./rank-ics.ts";
import { totalReturnIndices } from "./total-returns.ts";

const formulas: Readonly<Record<string, (prices: Float64Array, at: number) => number>> = {
  rev_5: (prices, at) => -(prices[at]! / prices[at - 5]! - 1),
  roc_20: (prices, at) => prices[at]! / prices[at - 20]! - 1,
  mom_12_1: (prices, at) => prices[at - 21]! / prices[at - 252]! - 1,
  mom_6_1: (prices, at) => prices[at - 21]! / prices[at - 126]! - 1,
};

/** What the formula leaves out: compounding, ticks, pinned names. */
const modelError = 0.05;

function marketOf(rho: PlantedRho) {
  return simulateMarket({
    seed: 2024,
    securities: 300,
    from: day("2012-01-03"),
    to: day("2016-12-30"),
    rho,
  });
}

describe("plantedTruth", () => {
  const market = marketOf({ rev_5: 0.05, mom_12_1: 0.04 });
  let prices: Float64Array[];
  before(() => (prices = totalReturnIndices(market)));

  for (const span of [
    { horizon: 1, delay: 0 },
    { horizon: 1, delay: 1 },
  ]) {
    for (const name of Object.keys(formulas)) {
      it(`expects of ${name} what is measured at delay ${span.delay}`, () => {
        const truth = plantedTruth(market, span).find((factor) => factor.name === name)!;
        const ics = rankIcs(prices, formulas[name]!, span);
        const expected = truth.expectedRankIc!;
        const tolerance = 3.5 * standardError(ics) + modelError * Math.abs(expected);
        const measured = mean(ics);
        assert.ok(Math.abs(measured - expected) < tolerance, `${measured} for ${expected}`);
        assert.equal(Math.sign(measured), truth.sign);
        assert.ok(Math.abs(measured) > 3.5 * standardError(ics), `${measured} could be chance`);
      });
    }
  }

  it("finds nothing where nothing is planted", () => {
    const noise = marketOf({});
    assert.deepEqual(plantedTruth(noise), []);
    const noisePrices = totalReturnIndices(noise);
    for (const formula of Object.values(formulas)) {
      const ics = rankIcs(noisePrices, formula);
      assert.ok(Math.abs(mean(ics)) < 3.5 * standardError(ics), `${mean(ics)}`);
    }
  });

  it("names the planted factors first, then what inherits from them, with their signs", () => {
    const rows = plantedTruth(marketOf({ rev_5: -0.03 })).map(({ name, role, sign }) => [
      name,
      role,
      sign,
    ]);
    assert.deepEqual(rows, [
      ["rev_5", "planted", -1],
      ["roc_20", "inherited", 1],
      ["rsi_14", "inherited", 1],
      ["rsi_28", "inherited", 1],
      ["pvt_20", "inherited", 1],
      ["max_21", "inherited", 1],
    ]);
  });
});
