import assert from "node:assert/strict";
import { rsi_14 } from "../../../shared/factors/library/rsi-14.ts";
import { assertClose } from "../support/assert-close.ts";
import { series } from "../support/series.ts";
import { valuesOf } from "../support/values-of.ts";

/** Prices from 100 on, by their changes. */
function pathOf(changes: readonly number[]): Float64Array {
  const price = Float64Array.of(100, ...changes);
  for (let at = 1; at < price.length; at++) price[at] = price[at - 1]! + changes[at - 1]!;
  return price;
}

describe("rsi_14", () => {
  const ups = new Array<number>(10).fill(1);
  const downs = new Array<number>(4).fill(-1);

  it("is seeded by simple averages and goes on by Wilder's", () => {
    const values = valuesOf(rsi_14, { price: pathOf([...downs, ...ups, 2]) });
    // t = 14: G = 10 / 14, L = 4 / 14, so 100 * 10 / 14.
    assert.ok(values.subarray(0, 14).every((value) => Number.isNaN(value)));
    assertClose(values[14], 1000 / 14);
    // t = 15: G = (13 * 10 / 14 + 2) / 14 = 158 / 196, L = (13 * 4 / 14) / 14 = 52 / 196, so 100 * 158 / 210
    // = 75.238.
    assertClose(values[15], 15_800 / 210);
  });

  it("is 100 when the price only rose, 0 when it only fell, and nothing when it stood still", () => {
    assert.equal(valuesOf(rsi_14, { price: pathOf(new Array<number>(20).fill(1)) })[20], 100);
    assert.equal(valuesOf(rsi_14, { price: pathOf(new Array<number>(20).fill(-1)) })[20], 0);
    assert.ok(valuesOf(rsi_14, { price: series(300, 100) }).every((value) => Number.isNaN(value)));
  });

  it("begins 250 sessions back, not at the first bar, once there is more", () => {
    // One rise at the very first session, then 249 or more falls: a 251st session forgets the rise
    // altogether.
    const price = pathOf([50, ...new Array<number>(250).fill(-0.1)]);
    const values = valuesOf(rsi_14, { price });
    assert.ok(values[250]! > 0);
    assert.equal(values[251], 0);
  });

  it("begins at a late first bar as if nothing had been before", () => {
    const price = pathOf([...downs, ...ups, 2]);
    const late = Float64Array.of(...series(7, NaN), ...price);
    assertClose(valuesOf(rsi_14, { price: late })[22], 15_800 / 210);
  });

  it("leaves out the two changes beside a missing price", () => {
    // 4 falls, the 6th price missing (5th and 6th change gone), 10 rises: 14 changes of 16, 100 * 10 / 14.
    const price = pathOf([...downs, 7, -3, ...ups]).with(5, NaN);
    const values = valuesOf(rsi_14, { price });
    assert.ok(Number.isNaN(values[15]));
    assertClose(values[16], 1000 / 14);
  });

  it("has no value when more than a fifth of the changes are missing", () => {
    // 21 sessions of changes need 17: two missing prices take four changes and leave 17, a third leaves 15.
    const price = pathOf([...downs, ...ups, ...ups.slice(3)]);
    assert.ok(valuesOf(rsi_14, { price: price.with(5, NaN).with(10, NaN) })[21]! > 0);
    const sparse = price.with(5, NaN).with(10, NaN).with(15, NaN);
    assert.ok(Number.isNaN(valuesOf(rsi_14, { price: sparse })[21]));
  });
});
