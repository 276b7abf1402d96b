import assert from "node:assert/strict";
import { evaluateFactor, type Evaluated } from "../../shared/evaluation/evaluate.ts";
import { applyFilters } from "../../shared/evaluation/filters.ts";
import { ForwardReturns } from "../../shared/evaluation/forward-returns.ts";
import { marketBetas } from "../../shared/evaluation/market-beta.ts";
import { neutralize } from "../../shared/evaluation/neutralize.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import { judge, trialsOf, type Trial } from "../../shared/evaluation/verdict.ts";
import type { Membership } from "../../shared/market/universe.ts";
import { addDays, type TradingDay } from "../../shared/market/trading-day.ts";

const start = "2020-01-01" as TradingDay;

/** A table of `rows` days whose cells are what `cell` says. */
function table(
  rows: number,
  assets: readonly string[],
  cell: (row: number, at: number) => number,
): DayTable {
  return {
    days: Array.from({ length: rows }, (_, row) => addDays(start, row)),
    assets,
    values: Float64Array.from({ length: rows * assets.length }, (_, at) =>
      cell(Math.floor(at / assets.length), at % assets.length),
    ),
  };
}

const names = ["A", "B", "C", "D"];

/** Deterministic, without a pattern. */
function wobble(at: number): number {
  const x = Math.sin(at * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

const prices = table(40, names, (row, at) => 100 * (1 + 0.02 * wobble(7 * row + 31 * at)));

function evaluate(factor: DayTable, horizons = [1]): Evaluated {
  const forward = new ForwardReturns(prices, { horizons, delay: 0 });
  return evaluateFactor({ factor, prices }, forward, { factor: "f", quantiles: 2, costBps: 10 });
}

describe("an evaluation", () => {
  it("of the next return itself has a coefficient of 1 on every day, and says why t is undefined", () => {
    const perfect = table(
      39,
      names,
      (row, at) => prices.values[(row + 1) * 4 + at]! / prices.values[row * 4 + at]!,
    );
    const { result } = evaluate(perfect);
    assert.equal(result.ic["1"]!.mean, 1);
    assert.equal(result.ic["1"]!.std, 0);
    assert.equal(result.ic["1"]!.t_iid, null);
    assert.equal(result.ic["1"]!.p_hac, null);
    const reasons = new Map(result.notes.map(({ path, reason }) => [path, reason]));
    assert.equal(reasons.get("ic.1.t_iid"), "the series has no variance");
    assert.equal(reasons.get("ic.1.p_hac"), "the series has no variance");
  });

  it("of a constant factor keeps no day, and every statistic is null with its reason", () => {
    const { result } = evaluate(table(39, names, () => 1));
    assert.equal(result.days, 0);
    assert.equal(result.dropped.binning, 1);
    assert.equal(result.ic["1"]!.mean, null);
    assert.equal(result.long_short["1"]!.sharpe, null);
    assert.ok(result.notes.some(({ path }) => path === "days"));
    const paths = new Set(result.notes.map(({ path }) => path));
    const nulls = nullPaths({ ...result, notes: [] }).filter(
      (path) => !/^(first_day|last_day|declared)/.test(path),
    );
    for (const path of nulls) assert.ok(paths.has(path), `${path} is null without a reason`);
  });

  it("of a single day has a mean, and no deviation", () => {
    const { result } = evaluate(table(1, names, (_, at) => at));
    assert.equal(result.days, 1);
    assert.notEqual(result.ic["1"]!.mean, null);
    assert.equal(result.ic["1"]!.std, null);
  });

  it("never writes NaN or a made-up 0 into JSON where a statistic is undefined", () => {
    const { result } = evaluate(table(2, names, (row, at) => (row === 0 ? at : NaN)));
    const text = JSON.stringify(result);
    assert.ok(!text.includes("NaN"));
    assert.deepEqual(JSON.parse(text), result);
  });

  it("counts days of the factor that the prices do not have among those without returns", () => {
    const factor = table(50, names, (_, at) => at);
    const { result } = evaluate(factor);
    // 50 days of 4 values; the last of 40 price days has no next day, 10 days have no price at all.
    assert.equal(result.dropped.forward_returns, (11 * 4) / 200);
    assert.equal(result.rows, 39 * 4);
  });
});

/** Paths of all nulls in a document, as notes write them. */
function nullPaths(value: unknown, path = ""): string[] {
  if (value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((one, at) => nullPaths(one, `${path}[${at}]`));
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, one]) =>
    nullPaths(one, path === "" ? key : `${path}.${key}`),
  );
}

describe("filters", () => {
  const member = (ticker: string, from?: string, to?: string): Membership => ({
    ticker,
    start: from as TradingDay | undefined,
    end: to as TradingDay | undefined,
    name: undefined,
    group: undefined,
    issuer: undefined,
    delistingReturn: NaN,
  });

  it("keep a universe's members on their days alone, however their class is written", () => {
    const factor = table(3, ["A", "BRK-B", "C", "D"], () => 1);
    const universe = [
      member("A", "2020-01-02"),
      member("BRK.B", undefined, "2020-01-01"),
      member("C"),
    ];
    const removed = applyFilters(factor, { universe }, (column) => factor.assets[column]!);
    const kept = [...factor.values].map((value) => (Number.isNaN(value) ? 0 : 1));
    assert.deepEqual(kept, [0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    assert.deepEqual(removed, { universe: 6, min_price: 0, min_adv: 0 });
  });

  it("hold prices of the day and volumes up to the day against their limits", () => {
    const factor = table(3, ["A", "B"], () => 1);
    const closes = table(3, ["A", "B"], (row, at) => (at === 0 ? 4 + row : 10));
    const volumes = table(3, ["A", "B"], (row, at) => (at === 0 ? 100 : row * 100));
    const removed = applyFilters(
      factor,
      { minPrice: { limit: 5, prices: closes }, minAdv: { limit: 75, dollarVolumes: volumes } },
      () => "",
    );
    // A is below 5 on its first day. B's mean volume is 0, 50, 100.
    assert.deepEqual(
      [...factor.values].map((v) => (Number.isNaN(v) ? 0 : 1)),
      [0, 0, 1, 0, 1, 1],
    );
    assert.deepEqual(removed, { universe: 0, min_price: 1, min_adv: 2 });
  });
});

describe("a neutralised factor", () => {
  it("has a mean of zero in every group", () => {
    const factor = table(5, names, (row, at) => wobble(row + 17 * at) + at);
    const groupOf = Int32Array.of(0, 0, 1, 1);
    const { values } = neutralize(factor, { groupOf, tables: [] });
    for (let row = 0; row < 5; row++) {
      const at = row * 4;
      assert.ok(Math.abs(values[at]! + values[at + 1]!) < 1e-12);
      assert.ok(Math.abs(values[at + 2]! + values[at + 3]!) < 1e-12);
      assert.ok(Math.abs(values[at]!) > 1e-3);
    }
  });

  it("does not correlate with its exposure, and has no value where the exposure has none", () => {
    const many = Array.from({ length: 30 }, (_, at) => `N${at}`);
    const exposure = table(3, many, (row, at) => (at === 4 ? NaN : wobble(row + 3 * at)));
    const factor = table(
      3,
      many,
      (row, at) => exposure.values[row * 30 + at]! + 0.5 * wobble(5 * at + row + 99),
    );
    factor.values[4] = 1;
    const { values } = neutralize(factor, { tables: [exposure] });
    assert.ok(Number.isNaN(values[4]!));
    for (let row = 0; row < 3; row++) {
      const pairs = many.flatMap((_, at) =>
        at === 4 ? [] : [[values[row * 30 + at]!, exposure.values[row * 30 + at]!]],
      );
      const mean = (k: number): number =>
        pairs.reduce((sum, pair) => sum + pair[k]!, 0) / pairs.length;
      const [a, b] = [mean(0), mean(1)];
      const covariance = pairs.reduce((sum, [x, y]) => sum + (x! - a) * (y! - b), 0);
      assert.ok(Math.abs(covariance) < 1e-10);
    }
  });

  it("knows a name that moves twice as the market has twice the beta of one that moves with it", () => {
    // Three names: returns m - d, m, m + d scaled; the market is their mean. Betas average to 1.
    const assets = ["half", "one", "oneHalf"];
    const scale = [0.5, 1, 1.5];
    const level = [100, 100, 100];
    const closes = table(300, assets, (row, at) => {
      if (row > 0) level[at]! *= 1 + scale[at]! * 0.01 * (wobble(row) - 0.5);
      return level[at]!;
    });
    const betas = marketBetas(closes, {
      ...closes,
      days: closes.days.slice(-1),
      values: new Float64Array(3),
    });
    for (const [at, expected] of scale.entries())
      assert.ok(Math.abs(betas.values[at]! - expected) < 1e-9);
  });
});

describe("the verdict", () => {
  const factor = table(39, names, (row, at) => wobble(row * 5 + at));
  const evaluated = evaluate(factor, [1, 2]);
  const own = trialsOf(evaluated, (horizon) => `own/${horizon}`);
  const options = { q: 0.05, trialsFrom: "warehouse" as const };
  const other = (id: string, p: number): Trial => ({ id, horizon: 1, p, sharpe: 0.01 });

  it("counts every trial once, its own too", () => {
    const others = [...own, other("x", 0.5), other("y", 0.6)];
    assert.equal(judge(evaluated, own, others, options).trials, 4);
  });

  it("adjusts by all of them: more trials never make a factor look better", () => {
    const few = judge(evaluated, own, own, options).p_adjusted["1"]!;
    const many = judge(
      evaluated,
      own,
      [...own, ...Array.from({ length: 50 }, (_, at) => other(`o${at}`, 0.9))],
      options,
    );
    assert.ok(many.p_adjusted["1"]! >= few);
  });

  it("takes the user's word for trials that nobody recorded", () => {
    const { trials, p_adjusted } = judge(evaluated, own, own, { ...options, trials: 1000 });
    assert.equal(trials, 1000);
    assert.ok(p_adjusted["1"]! >= Math.min(1, own[0]!.p! * 500));
  });

  it("never rejects a test that is undefined", () => {
    const undefinedTrials = own.map((trial) => ({ ...trial, p: null }));
    const { rejected, p_adjusted } = judge(evaluated, undefinedTrials, [], options);
    assert.deepEqual(rejected, { "1": false, "2": false });
    assert.deepEqual(p_adjusted, { "1": null, "2": null });
  });
});
