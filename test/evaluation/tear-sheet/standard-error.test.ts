import assert from "node:assert/strict";
import { neweyWestT } from "../../../shared/evaluation/long-run-variance.ts";
import {
  twoErrors,
  twoErrorsOfMean,
} from "../../../shared/evaluation/tear-sheet/standard-error.ts";

describe("whiskers", () => {
  it("are twice the estimate over its t", () => {
    assert.equal(twoErrors(0.03, 4), 0.015);
    assert.equal(twoErrors(-0.03, -4), 0.015);
  });

  it("are missing where t says nothing", () => {
    assert.equal(twoErrors(null, 4), null);
    assert.equal(twoErrors(0.03, null), null);
    assert.equal(twoErrors(0, 0), null);
  });

  it("of a mean are Newey and West's, over the defined days", () => {
    // Mean 2, deviations -1, 0, 1: with lag 0 the variance of the mean is 2 / 9.
    const series = Float64Array.of(1, NaN, 2, 3);
    assert.ok(Math.abs(twoErrorsOfMean(series, 0)! - 2 * Math.sqrt(2 / 9)) < 1e-15);
    // Adjacent deviations multiply to 0: lag 1 changes nothing.
    assert.equal(twoErrorsOfMean(series, 1), twoErrorsOfMean(series, 0));
    assert.ok(neweyWestT(Float64Array.of(1, 2, 3), 0) > 0);
    assert.equal(twoErrorsOfMean(Float64Array.of(1, NaN), 0), null);
  });
});
