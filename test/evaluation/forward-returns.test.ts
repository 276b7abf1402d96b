import assert from "node:assert/strict";
import { ForwardReturns } from "../../shared/evaluation/forward-returns.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";

const nan = NaN;

/** Five days of three names: A doubles daily, B misses its third day, C ends after its second. */
const prices: DayTable = {
  days: ["d0", "d1", "d2", "d3", "d4"] as unknown as TradingDay[],
  assets: ["A", "B", "C"],
  values: Float64Array.of(1, 10, 8, 2, 11, 4, 4, nan, nan, 8, 12, nan, 16, 15, nan),
};

function load(
  row: number,
  options: Partial<ConstructorParameters<typeof ForwardReturns>[1]> = {},
): ForwardReturns {
  const forward = new ForwardReturns(prices, { horizons: [1, 2], delay: 0, ...options });
  forward.load(row);
  return forward;
}

describe("forward returns", () => {
  it("are P[d + h] / P[d] - 1 by asset and horizon", () => {
    const { returns } = load(0);
    assert.deepEqual([...returns[0]!], [1, 11 / 10 - 1, -0.5]);
    assert.deepEqual([...returns[1]!], [3, nan, nan]);
  });

  it("begin after the delay", () => {
    const { returns } = load(0, { delay: 1 });
    assert.deepEqual([...returns[0]!], [1, nan, nan]);
    assert.deepEqual([...returns[1]!], [3, 12 / 11 - 1, nan]);
  });

  it("fill no price: a name counts where all horizons have a return", () => {
    assert.deepEqual([...load(0).complete], [1, 0, 0]);
    assert.deepEqual([...load(2).complete], [1, 0, 0]);
  });

  it("do not exist beyond the last row", () => {
    assert.deepEqual([...load(4).complete], [0, 0, 0]);
    assert.deepEqual([...load(4).returns[0]!], [nan, nan, nan]);
  });

  it("treat a price of zero as no price", () => {
    const zero: DayTable = { ...prices, values: prices.values.map((v, at) => (at === 0 ? 0 : v)) };
    const forward = new ForwardReturns(zero, { horizons: [1], delay: 0 });
    forward.load(0);
    assert.equal(forward.complete[0], 0);
  });

  describe("of a security that ended", () => {
    const endings = (delisting: number) => ({
      lastRow: Int32Array.of(-1, -1, 1),
      delistingReturn: Float64Array.of(nan, nan, delisting),
    });

    it("run to its last price and on to what was paid", () => {
      // Bought at 8, last price 4, a tenth lost after it: 3.6 / 8 - 1.
      const { returns, complete, ended } = load(0, { endings: endings(-0.1) });
      assert.equal(returns[0]![2], -0.5);
      assert.equal(returns[1]![2], 3.6 / 8 - 1);
      assert.equal(complete[2], 1);
      assert.equal(ended[2], 0);
    });

    it("are marked where nobody knows what was paid", () => {
      const unknown = load(0, { endings: endings(nan) });
      assert.equal(unknown.returns[1]![2], -0.5);
      assert.equal(unknown.ended[2], 1);
      const assumed = load(0, { endings: endings(nan), delistingReturn: -0.3 });
      assert.equal(assumed.returns[1]![2], (4 * 0.7) / 8 - 1);
    });

    it("do not exist for a trade after the end", () => {
      const { returns, complete } = load(1, { endings: endings(0), delay: 1 });
      assert.ok(Number.isNaN(returns[0]![2]!));
      assert.equal(complete[2], 0);
    });
  });

  it("are ordered by return among the names that count", () => {
    const wide: DayTable = {
      days: ["d0", "d1"] as unknown as TradingDay[],
      assets: ["A", "B", "C", "D"],
      values: Float64Array.of(1, 1, nan, 1, 1.3, 0.9, 2, 1.3),
    };
    const forward = new ForwardReturns(wide, { horizons: [1], delay: 0, keepOrders: true });
    forward.load(0);
    const [order] = forward.orders(0);
    assert.deepEqual([...order!.columns], [1, 0, 3]);
    assert.equal(order!.tied, true);
    // Kept: the same object comes again after another row was loaded.
    forward.load(1);
    assert.equal(forward.orders(0)[0], order);
  });
});
