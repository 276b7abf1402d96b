import assert from "node:assert/strict";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { lowvol_20 } from "../../shared/factors/library/lowvol-20.ts";
import { mom_12_1 } from "../../shared/factors/library/mom-12-1.ts";
import { rev_5 } from "../../shared/factors/library/rev-5.ts";
import { numberColumn, recordedTable } from "../support/recorded-data.ts";
import { valuesOf } from "./support/values-of.ts";

const folder = "F_reference/alphalens_real";

/**
 * The recorded values are printed with ten decimals; half of the last one, and a little for the halfway case.
 */
const tolerance = 5.001e-11;

/**
 * 81 tickers x 1,258 sessions, factors made elsewhere from the same adjusted closes: every recorded value is
 * reproduced to all of its digits. The recorded prices have no gap, so what a factor does with one is not
 * shown here.
 */
function reproduces(
  factor: FactorDefinition,
  rows: number,
  valuesBefore: number,
): (this: Mocha.Context) => void {
  return function () {
    const prices = recordedTable(this, `${folder}/prices_adjclose.csv.gz`);
    const recorded = recordedTable(this, `${folder}/factor_${factor.name}.csv.gz`);

    const values = new Map<string, Float64Array>();
    for (const [index, ticker] of prices[0]!.entries()) {
      if (index === 0) continue;
      const close = numberColumn(prices, index);
      const daily_return = close.map((price, at) => price / (close[at - 1] ?? NaN) - 1);
      values.set(ticker, valuesOf(factor, { total_return: close, daily_return }));
    }
    const sessions = new Map(prices.slice(1).map(([day], at) => [day!, at]));

    for (const [day, ticker, text] of recorded.slice(1)) {
      const value = values.get(ticker!)![sessions.get(day!)!]!;
      const message = `${ticker!} on ${day!}: expected ${text!}, got ${value}`;
      assert.ok(Math.abs(value - Number(text)) <= tolerance, message);
    }
    // Nor is there a value that the record lacks, but for those before its first day.
    const defined = [...values.values()].flatMap((series) => [
      ...series.filter((value) => !Number.isNaN(value)),
    ]);
    assert.equal(recorded.length - 1, rows);
    assert.equal(defined.length, rows + valuesBefore);
  };
}

describe("factors recorded with alphalens (../shared/data)", () => {
  it("are reproduced by rev_5", reproduces(rev_5, 101_493, 0));
  it("are reproduced by mom_12_1", reproduces(mom_12_1, 81_486, 0));
  // The record wants 20 of 20 returns; with 19 of them, on session 19, the 80 % rule has a value for each
  // ticker.
  it("are reproduced by lowvol_20", reproduces(lowvol_20, 100_278, 81));
});
