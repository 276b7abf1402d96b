import assert from "node:assert/strict";
import { CrossSection } from "../../../shared/evaluation/cross-section.ts";
import { evaluateDaily, type DailyEvaluation } from "../../../shared/evaluation/daily.ts";
import { ForwardReturns } from "../../../shared/evaluation/forward-returns.ts";
import { mean, standardDeviation } from "../../../shared/evaluation/moments.ts";
import { annualised, cumulativeGrowth, regress } from "../../../shared/evaluation/performance.ts";
import type { DayTable, EvaluationInput } from "../../../shared/evaluation/tables.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { allCloseTo, closeTo } from "./close-to.ts";
import { capturedCalls, type Captured } from "./recorded.ts";

type FactorData = Captured<number | string | null> & { readonly columns: readonly string[] };
type Key = readonly [string, string];

const dayOf = (text: string): TradingDay => text.slice(0, 10) as TradingDay;

/** A long series (date, asset) as a table. */
function tableOf(index: readonly Key[], values: readonly (number | null)[]): DayTable {
  const days = [...new Set(index.map(([day]) => dayOf(day)))].sort();
  const assets = [...new Set(index.map(([, asset]) => asset))].sort();
  const table = new Float64Array(days.length * assets.length).fill(NaN);
  for (const [at, [day, asset]] of index.entries()) {
    table[days.indexOf(dayOf(day)) * assets.length + assets.indexOf(asset)] = values[at] ?? NaN;
  }
  return { days, assets, values: table };
}

/** A frame of prices, days by assets, as a table. */
function pricesOf(frame: Captured & { readonly columns: readonly string[] }): DayTable {
  return {
    days: (frame.index as readonly string[]).map(dayOf),
    assets: frame.columns,
    values: Float64Array.from(
      (frame.data as readonly (readonly (number | null)[])[]).flat(),
      (v) => v ?? NaN,
    ),
  };
}

/**
 * Factor data whose forward returns are given: each day stands in the price table before a day of its own, on which every
 * price has moved by its return.
 */
function inputOf(data: FactorData): EvaluationInput {
  const column = (name: string): (number | null)[] => {
    const at = data.columns.indexOf(name);
    return data.data.map(
      (row) => (row as readonly (number | string | null)[])[at] as number | null,
    );
  };
  const index = data.index as unknown as readonly Key[];
  const factor = tableOf(index, column("factor"));
  const returns = data.columns.includes("1D")
    ? tableOf(index, column("1D")).values
    : factor.values.map(() => 0);
  const width = factor.assets.length;
  const days = factor.days.flatMap((day) => [day, `${day}+` as TradingDay]);
  const values = new Float64Array(days.length * width).fill(1);
  for (let row = 0; row < factor.days.length; row++) {
    for (let asset = 0; asset < width; asset++) {
      values[(2 * row + 1) * width + asset] = 1 + returns[row * width + asset]!;
    }
  }
  const prices = { days, assets: factor.assets, values };
  if (!data.columns.includes("group")) return { factor, prices };
  const groups = column("group").map(String);
  const names = [...new Set(groups)].sort();
  const of = new Int32Array(width);
  for (const [at, [, asset]] of index.entries())
    of[factor.assets.indexOf(asset)] = names.indexOf(groups[at]!);
  return { factor, prices, groups: { of, names } };
}

/** True when cutting the factor by day gives the quantiles that are written down. */
function sameQuantiles(
  data: FactorData,
  { factor }: EvaluationInput,
  quantiles: number,
  given: readonly number[],
): boolean {
  const width = factor.assets.length;
  const section = new CrossSection(width, quantiles);
  return factor.days.every((date, day) => {
    section.select(
      factor.values.subarray(day * width, (day + 1) * width),
      new Uint8Array(width).fill(1),
    );
    const index = data.index as unknown as readonly Key[];
    return (
      section.rank() &&
      index.every(
        ([d, asset], at) =>
          dayOf(d) !== date || section.quantileOf[factor.assets.indexOf(asset)] === given[at],
      )
    );
  });
}

function evaluate(input: EvaluationInput, quantiles: number): DailyEvaluation {
  return evaluateDaily(
    input,
    new ForwardReturns(input.prices, { horizons: [1], delay: 0 }),
    quantiles,
  );
}

// Calls of alphalens' functions captured while its own test suite passed. Not covered, as no statistic of the contract is
// made of them: average_cumulative_return_by_quantile and common_start_returns (event studies), weights or returns
// adjusted by group or not demeaned, quantile means by group, returns that do not cumulate, bins of equal width, and
// prices within a day (a table has one row a day).
describe("calls of alphalens' own tests", () => {
  it("compute_forward_returns", function () {
    const calls = capturedCalls<
      {
        factor: Captured;
        prices: Captured & { columns: string[] };
        periods: number[];
        cumulative_returns?: boolean;
      },
      Captured
    >(this, "alphalens_tests/compute_forward_returns.json");
    const covered = calls.filter(({ inputs }) => inputs.cumulative_returns !== false);
    assert.equal(covered.length, 2);
    for (const { test, inputs, output } of covered) {
      const prices = pricesOf(inputs.prices);
      const forward = new ForwardReturns(prices, { horizons: inputs.periods, delay: 0 });
      for (const [row, key] of (output.index as unknown as readonly Key[]).entries()) {
        const day = prices.days.indexOf(dayOf(key[0]));
        forward.load(day);
        const actual = forward.returns.map((values) => values[prices.assets.indexOf(key[1])]!);
        allCloseTo(actual, output.data[row] as number[], `${test} ${key.join(" ")}`);
      }
    }
  });

  it("get_clean_factor_and_forward_returns: which rows stay, in which quantile, with which returns", function () {
    const calls = capturedCalls<
      {
        factor: Captured;
        prices: Captured & { columns: string[] };
        quantiles?: unknown;
        periods: unknown;
      },
      Captured<number | string | null> & { columns: string[] }
    >(this, "alphalens_tests/get_clean_factor_and_forward_returns.json");
    let covered = 0;
    for (const { test, inputs, output } of calls) {
      if (typeof inputs.quantiles !== "number" || output._type !== "frame") continue;
      if (inputs.prices.index.some((day) => !(day as string).endsWith("T00:00:00"))) continue;
      covered++;
      const factor = tableOf(
        inputs.factor.index as unknown as Key[],
        inputs.factor.data as number[],
      );
      const all = pricesOf(inputs.prices);
      const wide = all.assets.length;
      const prices = {
        days: all.days,
        assets: factor.assets,
        values: Float64Array.from(
          all.days.flatMap((_, row) =>
            factor.assets.map((asset) => all.values[row * wide + all.assets.indexOf(asset)] ?? NaN),
          ),
        ),
      };
      const horizons = output.columns
        .filter((name) => name.endsWith("D"))
        .map((name) => parseInt(name));
      const forward = new ForwardReturns(prices, { horizons, delay: 0 });
      const section = new CrossSection(factor.assets.length, inputs.quantiles);
      const rows: string[] = [];
      for (const [day, date] of factor.days.entries()) {
        const row = prices.days.indexOf(date);
        if (row < 0) continue;
        forward.load(row);
        section.select(
          factor.values.subarray(day * factor.assets.length, (day + 1) * factor.assets.length),
          forward.complete,
        );
        if (!section.rank()) continue;
        for (let at = 0; at < section.count; at++) {
          const asset = section.assets[at]!;
          const key = `${date} ${factor.assets[asset]!}`;
          rows.push(key);
          const expected = output.data[
            (output.index as unknown as readonly Key[]).findIndex(
              ([d, a]) => `${dayOf(d)} ${a}` === key,
            )
          ] as readonly (number | string)[] | undefined;
          assert.ok(expected, `${test}: ${key} was not kept by alphalens`);
          const cell = (name: string): number => expected[output.columns.indexOf(name)] as number;
          assert.equal(section.quantileOf[asset], cell("factor_quantile"), `${test} ${key}`);
          for (const [h, horizon] of horizons.entries()) {
            closeTo(forward.returns[h]![asset]!, cell(`${horizon}D`), `${test} ${key} ${horizon}D`);
          }
        }
      }
      assert.equal(rows.length, output.index.length, `${test}: rows kept`);
    }
    assert.ok(covered >= 10, `${covered} of ${calls.length} calls cut by quantiles`);
  });

  it("factor_information_coefficient, by day and by group", function () {
    const calls = capturedCalls<
      { factor_data: FactorData; group_adjust: boolean; by_group: boolean },
      Captured
    >(this, "alphalens_tests/factor_information_coefficient.json");
    for (const { test, inputs, output } of calls) {
      const input = inputOf(inputs.factor_data);
      const [days] = evaluate(input, 1).horizons;
      const expected = output.data.map((row) => (row as number[])[0]!);
      // Within one group, returns minus the group's mean rank as the returns do.
      const actual = inputs.by_group
        ? output.index.map((key) => {
            const [day, group] = key as readonly [string, number];
            const at = input.factor.days.indexOf(dayOf(day));
            return days!.icByGroup[input.groups!.names.indexOf(String(group))]![at]!;
          })
        : days!.ic;
      allCloseTo(actual, expected, test);
    }
    assert.equal(calls.length, 4);
  });

  it("mean_return_by_quantile and its errors, of all names", function () {
    const calls = capturedCalls<
      { factor_data: FactorData; by_date: boolean; by_group: boolean; demeaned: boolean },
      Captured[]
    >(this, "alphalens_tests/mean_return_by_quantile.json").filter(
      ({ inputs }) => !inputs.by_group && !inputs.demeaned && !inputs.by_date,
    );
    let covered = 0;
    for (const { test, inputs, output } of calls) {
      const { factor_data } = inputs;
      const place = factor_data.columns.indexOf("factor_quantile");
      const given = factor_data.data.map((row) => (row as number[])[place]!);
      const input = inputOf(factor_data);
      const quantiles = Math.max(...given);
      const daily = evaluate(input, quantiles);
      // Some of these cases write quantiles down that qcut would not give.
      if (!sameQuantiles(factor_data, input, quantiles, given)) continue;
      covered++;
      const columns = daily.horizons[0]!.quantiles.map((column) =>
        column.filter((v) => !Number.isNaN(v)),
      );
      const expected = output.map((frame) => frame.data.map((row) => (row as number[])[0]!));
      allCloseTo(columns.map(mean), expected[0]!, test);
      for (const [at, column] of columns.entries()) {
        const error = standardDeviation(column) / Math.sqrt(column.length);
        // Errors of equal means are rounding on both sides.
        assert.ok(Math.abs(error - expected[1]![at]!) < 1e-9, `${test} error ${at}`);
      }
    }
    assert.ok(covered >= 2, `${covered} of ${calls.length}`);
  });

  it("factor_weights, demeaned, proportional and equal", function () {
    const calls = capturedCalls<
      { factor_data: FactorData; demeaned: boolean; group_adjust: boolean; equal_weight: boolean },
      Captured
    >(this, "alphalens_tests/factor_weights.json").filter(
      ({ inputs }) => inputs.demeaned && !inputs.group_adjust,
    );
    assert.equal(calls.length, 2);
    for (const { test, inputs, output } of calls) {
      const { factor } = inputOf(inputs.factor_data);
      const width = factor.assets.length;
      const section = new CrossSection(width, 1);
      const actual: number[] = [];
      for (let day = 0; day < factor.days.length; day++) {
        section.select(
          factor.values.subarray(day * width, (day + 1) * width),
          new Uint8Array(width).fill(1),
        );
        assert.ok(section.rank());
        section.weigh();
        const sides = [0, 1, 2].map(
          (side) => section.bins.subarray(0, section.count).filter((b) => b === side).length,
        );
        for (let at = 0; at < section.count; at++) {
          const side = section.bins[at]!;
          const both = Math.sign(sides[0]!) + Math.sign(sides[2]!);
          actual.push(
            !inputs.equal_weight
              ? section.weights[at]!
              : side === 1
                ? 0
                : (side - 1) / sides[side]! / both,
          );
        }
      }
      allCloseTo(actual, output.data as number[], test);
    }
  });

  it("factor_returns, demeaned", function () {
    const calls = capturedCalls<{ factor_data: FactorData; group_adjust: boolean }, Captured>(
      this,
      "alphalens_tests/factor_returns.json",
    ).filter(({ inputs }) => !inputs.group_adjust);
    assert.equal(calls.length, 2);
    for (const { test, inputs, output } of calls) {
      const daily = evaluate(inputOf(inputs.factor_data), 1);
      // A day without two different values has no weights there, and is no day here.
      const expected = output.data
        .map((row) => (row as (number | null)[])[0] ?? null)
        .filter((v) => v !== null);
      allCloseTo(daily.horizons[0]!.longShort, expected, test);
    }
  });

  it("factor_alpha_beta", function () {
    const calls = capturedCalls<{ factor_data: FactorData }, Captured>(
      this,
      "alphalens_tests/factor_alpha_beta.json",
    );
    for (const { test, inputs, output } of calls) {
      const [days] = evaluate(inputOf(inputs.factor_data), 1).horizons;
      const { alpha, beta } = regress(days!.longShort, days!.universe);
      const expected = output.data.map((row) => (row as number[])[0]!);
      allCloseTo([annualised(alpha, 1), beta], expected, test);
    }
  });

  it("factor_rank_autocorrelation, as a mean over days", function () {
    const calls = capturedCalls<{ factor_data: FactorData; period: number }, Captured>(
      this,
      "alphalens_tests/factor_rank_autocorrelation.json",
    );
    for (const { test, inputs, output } of calls) {
      const input = inputOf(inputs.factor_data);
      const { period } = inputs;
      // Two price rows a day: so many rows ahead there is a price for all but the last days, which alphalens keeps here.
      const prices = { ...input.prices, days: [...input.prices.days], values: input.prices.values };
      const padding = 2 * period;
      const padded = {
        days: [
          ...prices.days,
          ...Array.from({ length: padding }, (_, at) => `~${at}` as TradingDay),
        ],
        assets: prices.assets,
        values: new Float64Array((prices.days.length + padding) * prices.assets.length).fill(1),
      };
      const forward = new ForwardReturns(padded, { horizons: [period], delay: 0 });
      const daily = evaluateDaily({ factor: input.factor, prices: padded }, forward, 1);
      const expected = (output.data as (number | null)[]).filter((v) => v !== null);
      closeTo(daily.turnover[0]!.rankAutocorrelation, mean(Float64Array.from(expected)), test);
    }
    assert.equal(calls.length, 6);
  });

  it("cumulative_returns", function () {
    const calls = capturedCalls<{ returns: Captured }, Captured>(
      this,
      "alphalens_tests/cumulative_returns.json",
    );
    for (const { test, inputs, output } of calls) {
      const actual = cumulativeGrowth(Float64Array.from(inputs.returns.data as number[]));
      allCloseTo(actual, output.data as number[], test);
    }
    assert.equal(calls.length, 9);
  });
});
