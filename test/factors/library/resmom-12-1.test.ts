import assert from "node:assert/strict";
import { resmom_12_1 } from "../../../shared/factors/library/resmom-12-1.ts";
import { assertClose } from "../support/assert-close.ts";
import { repeating, series, withoutFirst } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

describe("resmom_12_1", () => {
  const market_return = repeating(756, [0.01, -0.01]);
  // Residuals in pairs of equal sessions, orthogonal to the market's + -. In the formation window 504 .. 734
  // 58 pairs of 3 % and 57 of -1 %: they sum to 2 * (174 - 57) = 234 %. Before it 117 pairs of -1 %, so that
  // all sum to 0. The rest are 0.
  const residuals = series(756, 0);
  for (let at = 0; at < 234; at++) residuals[at] = -0.01;
  for (let at = 504; at < 734; at++) residuals[at] = at % 4 < 2 ? 0.03 : -0.01;
  const daily_return = market_return.map((market, at) => 0.0005 + 1.5 * market + residuals[at]!);

  it("is the mean residual of the formation window over its standard deviation", () => {
    const values = valuesOf(resmom_12_1, { daily_return, market_return });
    assert.ok(values.subarray(0, 755).every((value) => Number.isNaN(value)));
    // In percent: mean 234 / 231; squares 2 * (58 * 9 + 57) = 1158 about it 1158 - 234^2 / 231; variance that
    // over 230.
    const deviation = Math.sqrt((1158 - 234 ** 2 / 231) / 230);
    assertClose(values[755], 234 / 231 / deviation, 1e-11);
  });

  it("takes the intercept and the market out", () => {
    const other = market_return.map((market, at) => -0.002 - 0.7 * market + residuals[at]!);
    const values = valuesOf(resmom_12_1, { daily_return: other, market_return });
    const expected = valuesOf(resmom_12_1, { daily_return, market_return })[755]!;
    assertClose(values[755], expected, 1e-11);
  });

  it("does not exist when the market explains everything", () => {
    const explained = market_return.map((market) => 0.0137 + 1.5 * market);
    const values = valuesOf(resmom_12_1, { daily_return: explained, market_return });
    assert.ok(Number.isNaN(values[755]));
  });

  it("stands on 605 of 756 sessions, not on 604", () => {
    const enough = withoutFirst(daily_return, 151);
    assert.ok(valuesOf(resmom_12_1, { daily_return: enough, market_return })[755]! > 0);
    const tooFew = withoutFirst(daily_return, 152);
    const values = valuesOf(resmom_12_1, { daily_return: tooFew, market_return });
    assert.ok(Number.isNaN(values[755]));
  });

  it("stands on 185 of the 231 sessions of its formation window, not on 184", () => {
    const enough = daily_return.slice().fill(NaN, 504, 504 + 46);
    assert.ok(valuesOf(resmom_12_1, { daily_return: enough, market_return })[755]! > 0);
    const tooFew = daily_return.slice().fill(NaN, 504, 504 + 47);
    const values = valuesOf(resmom_12_1, { daily_return: tooFew, market_return });
    assert.ok(Number.isNaN(values[755]));
  });
});
