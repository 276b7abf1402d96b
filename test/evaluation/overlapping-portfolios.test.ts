import assert from "node:assert/strict";
import { CrossSection } from "../../shared/evaluation/cross-section.ts";
import { OverlappingPortfolios, turned } from "../../shared/evaluation/overlapping-portfolios.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";

function table(rows: readonly (readonly number[])[]): DayTable {
  return {
    days: rows.map((_, at) => `d${at}` as TradingDay),
    assets: rows[0]!.map((_, at) => `A${at}`),
    values: Float64Array.from(rows.flat()),
  };
}

/** A day whose two names have the given factor values. */
function section(...values: number[]): CrossSection {
  const day = new CrossSection(values.length, 2);
  day.select(Float64Array.from(values), new Uint8Array(values.length).fill(1));
  assert.ok(day.rank());
  day.weigh();
  return day;
}

const near = (actual: ArrayLike<number>, expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  for (const [at, value] of expected.entries()) {
    assert.ok(Math.abs(actual[at]! - value) < 1e-12, `[${at}] ${actual[at]!}, expected ${value}`);
  }
};

describe("overlapping portfolios", () => {
  // Two names: weights of a day are -1/2 and 1/2, or the other way round.
  const prices = table([
    [100, 100],
    [110, 100],
    [110, 90],
    [121, 99],
  ]);

  it("hold each day's weights for one day at horizon 1", () => {
    const portfolios = new OverlappingPortfolios(prices, { horizons: [1], delay: 0 });
    portfolios.add(0, section(1, 2));
    portfolios.add(1, section(2, 1));
    portfolios.add(2, section(1, 2));
    const [days] = portfolios.finish();
    assert.deepEqual([...days!.rows], [1, 2, 3]);
    // Returns of A: 10 %, 0, 10 %; of B: 0, -10 %, 10 %.
    near(days!.gross, [-0.05, 0.05, 0]);
    // From nothing to 1/2 each side, then each name turns round by 1: sum |dw| is 1, 2, 2.
    near(days!.traded, [1, 2, 2]);
  });

  it("hold two half tranches at horizon 2, and sell the older one", () => {
    const portfolios = new OverlappingPortfolios(prices, { horizons: [2], delay: 0 });
    portfolios.add(0, section(1, 2));
    portfolios.add(1, section(2, 1));
    portfolios.add(2, section(1, 2));
    const [days] = portfolios.finish();
    // Weights: (-1/4, 1/4), then both tranches cancel, then the second and third tranche cancel.
    near(days!.gross, [-0.025, 0, 0]);
    // The third day buys what the sold first tranche was: no trade.
    near(days!.traded, [0.5, 0.5, 0]);
  });

  it("trade after the delay", () => {
    const portfolios = new OverlappingPortfolios(prices, { horizons: [1], delay: 1 });
    portfolios.add(0, section(1, 2));
    portfolios.add(1, section(1, 2));
    const [days] = portfolios.finish();
    assert.deepEqual([...days!.rows], [2, 3]);
    near(days!.gross, [-0.05, 0]);
    near(days!.traded, [1, 0]);
  });

  it("earn nothing while a price is missing, and the whole move when it is back", () => {
    const gap = table([
      [100, 100],
      [100, NaN],
      [100, 120],
    ]);
    const portfolios = new OverlappingPortfolios(gap, { horizons: [1], delay: 0 });
    portfolios.add(0, section(1, 2));
    portfolios.add(1, section(1, 2));
    near(portfolios.finish()[0]!.gross, [0, 0.1]);
  });

  it("earn the delisting return on the row after the last price", () => {
    const ended = table([
      [100, 100],
      [100, 50],
      [100, NaN],
    ]);
    const endings = { lastRow: Int32Array.of(-1, 1), delistingReturn: Float64Array.of(NaN, -0.4) };
    const portfolios = new OverlappingPortfolios(ended, { horizons: [1], delay: 0, endings });
    portfolios.add(0, section(1, 2));
    portfolios.add(1, section(1, 2));
    near(portfolios.finish()[0]!.gross, [-0.25, -0.2]);
  });

  it("trade as much and earn the opposite in the other direction", () => {
    const days = {
      horizon: 1,
      rows: Int32Array.of(1),
      gross: Float64Array.of(0.02),
      traded: Float64Array.of(1),
    };
    assert.deepEqual(turned(days, 1), days);
    assert.deepEqual(turned(days, -1), { ...days, gross: Float64Array.of(-0.02) });
  });
});
