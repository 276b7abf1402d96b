import assert from "node:assert/strict";
import { deflatedSharpe, expectedMaximumSharpe } from "../../shared/evaluation/deflated-sharpe.ts";

// The numerical example of Bailey and Lopez de Prado (2014): 100 trials whose annualised Sharpe ratios have variance 1/2,
// the best of them 2.5 over 1250 days of a year of 250, with skewness -3 and kurtosis 10.
describe("deflated sharpe ratio", () => {
  const variance = 1 / (2 * 250);

  it("expects 0.1132 a day from the best of the paper's 100 trials", () => {
    assert.equal(expectedMaximumSharpe(100, variance).toFixed(4), "0.1132");
  });

  it("gives the paper's best trial a probability of 0.9004", () => {
    const probability = deflatedSharpe({
      sharpe: 2.5 / Math.sqrt(250),
      observations: 1250,
      skewness: -3,
      kurtosis: 10,
      trials: 100,
      variance,
    });
    assert.equal(probability.toFixed(4), "0.9004");
  });

  it("is undefined for a single trial", () => {
    const one = { sharpe: 0.1, observations: 100, skewness: 0, kurtosis: 3, trials: 1, variance };
    assert.ok(Number.isNaN(deflatedSharpe(one)));
  });
});
