import assert from "node:assert/strict";
import { mean, standardDeviation } from "../../shared/evaluation/moments.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import { sessions } from "../../shared/market/calendar.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { exposuresOf } from "../../shared/risk/exposures.ts";
import { riskModel, type RiskModel } from "../../shared/risk/risk-model.ts";
import { RandomStream } from "../../shared/simulator/random.ts";

const calendar = sessions("2018-01-02" as TradingDay, "2021-12-31" as TradingDay);
const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `A${at}`);

/** Standard normal numbers of a seed. */
function randomNumbers(seed: number): () => number {
  const stream = new RandomStream(seed, "risk");
  return () => stream.normal();
}

const tableOf = (rows: readonly (readonly number[])[]): DayTable => ({
  days: calendar.slice(0, rows.length),
  assets: names(rows[0]!.length),
  values: Float64Array.from(rows.flat()),
});

describe("exposures", () => {
  it("are standard scores of the day: 1 to 10 lie 4.5 / 3.0277 from their mean at most", () => {
    const day = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    const { values } = exposuresOf(tableOf([[...day, NaN]]));
    assert.ok(Math.abs(values[0]! - 4.5 / 3.0276503540974917) < 1e-12);
    assert.ok(Math.abs(values[9]! + 4.5 / 3.0276503540974917) < 1e-12);
    assert.ok(Number.isNaN(values[10]!));
  });

  it("bring back what lies beyond three deviations, and keep mean 0 and deviation 1", () => {
    const day = Array.from({ length: 40 }, (_, at) => (at === 0 ? 1e9 : Math.sin(at)));
    const { values } = exposuresOf(tableOf([day]));
    assert.ok(Math.abs(mean(values)) < 1e-12);
    assert.ok(Math.abs(standardDeviation(values) - 1) < 1e-12);
    // One of 40 at 3 before, the others nearly alike: (3 - 3/40) / deviation of that.
    assert.ok(values[0]! > 6.1 && values[0]! < 6.2, String(values[0]));
  });

  it("are missing where a day has fewer than ten names, or all are alike", () => {
    const few = [1, 2, 3, 4, 5, 6, 7, 8, 9, NaN];
    const alike = new Array<number>(10).fill(0.1);
    assert.ok(exposuresOf(tableOf([few, alike])).values.every(Number.isNaN));
  });
});

/** Prices of names whose returns are known, from 100. */
function pricesOf(returns: readonly (readonly number[])[]): DayTable {
  const rows = [returns[0]!.map(() => 100)];
  for (const day of returns) rows.push(day.map((move, at) => rows.at(-1)![at]! * (1 + move)));
  return tableOf(rows);
}

describe("the risk model", () => {
  it("regresses returns on the exposures of the close before: by hand, halves that differ", () => {
    // Six names, exposure -1 or 1: the market is their mean, the factor half of what tells the halves apart.
    const exposure = [-1, -1, -1, 1, 1, 1];
    const odd = [0.01, 0.02, 0.03, 0.05, 0.06, 0.07];
    const even = [0.02, 0.02, 0.02, 0, 0, 0.03];
    const count = 41;
    const moves = Array.from({ length: count }, (_, day) => (day % 2 === 0 ? odd : even));
    const exposures = tableOf(new Array<number[]>(count + 1).fill(exposure));
    const { returns } = riskModel({
      names: ["f"],
      exposures: [exposures],
      prices: pricesOf(moves),
    });
    assert.equal(returns.days.length, count);
    assert.equal(returns.days[0], calendar[1]);
    const [market, factor] = returns.values;
    assert.ok(Math.abs(market! - 0.04) < 1e-12 && Math.abs(factor! - 0.02) < 1e-12);
    assert.ok(Math.abs(returns.values[2]! - 0.015) < 1e-12);
    assert.ok(Math.abs(returns.values[3]! + 0.005) < 1e-12);
    // Second day, last name: 0.03 less 0.015 less -0.005.
    assert.ok(Math.abs(returns.residuals[11]! - 0.02) < 1e-12);
    // First day: 0.0004 a half is not explained, of 0.0028 in all.
    assert.ok(Math.abs(returns.rSquared[0]! - (1 - 0.0004 / 0.0028)) < 1e-9);
    assert.deepEqual([...returns.names.slice(0, 2)], [6, 6]);
  });

  it("leaves out names that lack an exposure or a return, and days on which factors say the same", () => {
    const count = 60;
    const random = randomNumbers(3);
    const moves = Array.from({ length: count }, () => names(8).map(() => 0.01 * random()));
    const first = tableOf(
      Array.from({ length: count + 1 }, () => names(8).map((_, at) => (at === 0 ? NaN : random()))),
    );
    const same = {
      ...first,
      values: first.values.map((value, at) => (at < 80 ? 2 * value : value ** 2)),
    };
    const model = riskModel({
      names: ["f", "g"],
      exposures: [first, same],
      prices: pricesOf(moves),
    });
    assert.deepEqual(model.returns.skipped, { few: 0, dependent: 10 });
    assert.deepEqual(new Set(model.returns.names), new Set([7]));
    assert.equal(model.residuals[0], 0);
    assert.ok(Number.isNaN(model.specificRisk[0]!));
    assert.equal(model.residuals[1], 50);
  });

  it("says how many names and sessions it lacks", () => {
    const moves = Array.from({ length: 50 }, (_, day) => [0.01, 0.02, 0.01 * (day % 3)]);
    const exposures = tableOf(new Array<number[]>(51).fill([-1, 0, 1]));
    assert.throws(
      () => riskModel({ names: ["f"], exposures: [exposures], prices: pricesOf(moves) }),
      {
        name: "Failed",
        message:
          /exist on 0 sessions, and a covariance wants 40: on 50 there were fewer names than/,
      },
    );
  });

  it("finds what was planted: volatilities, correlation, and the risk of a portfolio that comes after", () => {
    const [count, width] = [750, 120];
    const random = randomNumbers(11);
    // Daily deviations: market 1 %, factors 0.4 % and 0.6 % with a correlation of -0.5; of its own each name 2 %.
    const exposures = Array.from({ length: 2 }, () =>
      exposuresOf(
        tableOf(Array.from({ length: count + 1 }, () => names(width).map(() => random()))),
      ),
    );
    const moves = Array.from({ length: count }, (_, day) => {
      const [m, a, b] = [random(), random(), random()];
      const f = [0.004 * a, 0.006 * (-0.5 * a + Math.sqrt(0.75) * b)];
      return names(width).map(
        (_, name) =>
          0.01 * m +
          f.reduce((sum, one, k) => sum + one * exposures[k]!.values[day * width + name]!, 0) +
          0.02 * random(),
      );
    });
    const fitted = 500;
    const until = (table: DayTable): DayTable => ({
      ...table,
      days: table.days.slice(0, fitted + 1),
      values: table.values.slice(0, (fitted + 1) * width),
    });
    const model = riskModel({
      names: ["a", "b"],
      exposures: exposures.map(until),
      prices: until(pricesOf(moves)),
      lag: 0,
    });
    const { values } = model.covariance;
    const yearly = Math.sqrt(252);
    const near = (actual: number, expected: number, share: number): void => {
      assert.ok(Math.abs(actual / expected - 1) < share, `${actual} for ${expected}`);
    };
    near(Math.sqrt(values[0]!), 0.01 * yearly, 0.1);
    near(Math.sqrt(values[4]!), 0.0044 * yearly, 0.1);
    near(Math.sqrt(values[8]!), 0.0063 * yearly, 0.1);
    assert.ok(values[5]! / Math.sqrt(values[4]! * values[8]!) < -0.3);
    near(mean(model.specificRisk), 0.02 * yearly, 0.03);
    assert.ok(model.shrinkage > 0 && model.shrinkage < 0.2, String(model.shrinkage));

    // Each day after, the quarter with the highest exposure to b against that with the lowest.
    const said: number[] = [];
    const came: number[] = [];
    for (let day = fitted; day < count; day++) {
      const row = exposures[1]!.values.subarray(day * width, (day + 1) * width);
      const order = Array.from(row, (_, at) => at).sort((x, y) => row[x]! - row[y]!);
      const weights = new Float64Array(width);
      for (const at of order.slice(0, 30)) weights[at] = -1 / 30;
      for (const at of order.slice(-30)) weights[at] = 1 / 30;
      const own = exposures.map(({ values: all }) => all.subarray(day * width, (day + 1) * width));
      said.push(risk(model, weights, own));
      came.push(weights.reduce((sum, weight, at) => sum + weight * moves[day]![at]!, 0));
    }
    near(mean(Float64Array.from(said)), standardDeviation(Float64Array.from(came)) * yearly, 0.12);
  });
});

/** Deviation a year of a portfolio: x' F x and its names' own, written out. */
function risk(
  { covariance: { values, size }, specificRisk }: RiskModel,
  weights: Float64Array,
  exposures: readonly Float64Array[],
): number {
  const x = [
    weights.reduce((sum, one) => sum + one, 0),
    ...exposures.map((own) => weights.reduce((sum, one, at) => sum + one * own[at]!, 0)),
  ];
  let variance = weights.reduce((sum, one, at) => sum + (one * specificRisk[at]!) ** 2, 0);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) variance += x[a]! * x[b]! * values[a * size + b]!;
  }
  return Math.sqrt(variance);
}
