import assert from "node:assert/strict";
import {
  annualised,
  annualReturn,
  annualVolatility,
  cumulativeGrowth,
  maxDrawdown,
  regress,
  sharpeRatio,
} from "../../../shared/evaluation/performance.ts";
import { allCloseTo, closeTo } from "./close-to.ts";
import { capturedCalls, type Captured } from "./recorded.ts";

/** A series; an array has no index. */
type Returns = Omit<Captured, "index"> & Partial<Pick<Captured, "index">>;

interface Inputs {
  readonly returns: Returns;
  readonly factor_returns?: Returns;
  readonly period?: string;
  readonly risk_free?: number;
  readonly starting_value?: number;
}

/** A series without its missing days, as empyrical leaves them out. */
function series({ data }: Returns): Float64Array {
  return Float64Array.from((data as (number | null)[]).filter((value) => value !== null));
}

/** A series where a missing day is one without a return, as empyrical counts the days of a year. */
function everyDay({ data }: Returns): Float64Array {
  return Float64Array.from(data as (number | null)[], (value) => value ?? 0);
}

/** Two series on the days on which both exist; captured series may cover different days. */
function pairs({ returns, factor_returns }: Inputs): [Float64Array, Float64Array] {
  const other = new Map(
    factor_returns!.data.map((value, at) => [String(factor_returns!.index?.[at] ?? at), value]),
  );
  const both = returns.data.flatMap((value, at) => {
    const paired = other.get(String(returns.index?.[at] ?? at));
    return value === null || paired === null || paired === undefined
      ? []
      : [[value as number, paired as number]];
  });
  return [Float64Array.from(both, ([a]) => a!), Float64Array.from(both, ([, b]) => b!)];
}

/** What a number of the evaluation stands for in empyrical, and which captured calls ask for exactly that. */
const functions: Record<
  string,
  { of: (inputs: Inputs) => number; asked?: (inputs: Inputs) => boolean }
> = {
  max_drawdown: { of: ({ returns }) => maxDrawdown(series(returns)) },
  annual_return: {
    of: ({ returns }) => annualReturn(everyDay(returns)),
    asked: ({ period }) => period === undefined || period === "daily",
  },
  cagr: {
    of: ({ returns }) => annualReturn(everyDay(returns)),
    asked: ({ period }) => period === undefined || period === "daily",
  },
  annual_volatility: {
    of: ({ returns }) => annualVolatility(series(returns)),
    asked: ({ period }) => period === "daily",
  },
  sharpe_ratio: {
    of: ({ returns }) => sharpeRatio(series(returns)),
    asked: ({ risk_free = 0 }) => risk_free === 0,
  },
  beta: { of: (inputs) => betaOf(inputs) },
  beta_aligned: { of: (inputs) => betaOf(inputs) },
  alpha: { of: (inputs) => alphaOf(inputs) },
  alpha_aligned: { of: (inputs) => alphaOf(inputs), asked: ({ risk_free = 0 }) => risk_free === 0 },
  cum_returns_final: {
    of: ({ returns }) =>
      returns.data.length === 0 ? NaN : cumulativeGrowth(series(returns)).at(-1)! - 1,
    asked: ({ starting_value = 0 }) => starting_value === 0,
  },
};

function betaOf(inputs: Inputs): number {
  const [own, market] = pairs(inputs);
  return regress(own, market).beta;
}

function alphaOf(inputs: Inputs): number {
  const [own, market] = pairs(inputs);
  return annualised(regress(own, market).alpha, 1);
}

// Calls of empyrical's functions captured while its own test suite passed. Not covered: periods other than daily, a
// risk-free rate other than 0 and a starting value other than 0 (the contract has none of them), rolling and capture
// ratios, value at risk, tail, stability, Sortino and Omega (no statistic of the contract).
describe("calls of empyrical's own tests", () => {
  for (const [name, { of, asked = () => true }] of Object.entries(functions)) {
    it(name, function () {
      const calls = capturedCalls<Inputs, number | null | Captured>(
        this,
        `empyrical_tests/${name}.json`,
      );
      let compared = 0;
      for (const { test, inputs, output } of calls) {
        if (!asked(inputs) || (output !== null && typeof output !== "number")) continue;
        // empyrical calls the drawdown of nothing nothing, and a ratio of no variance infinite or nothing.
        const actual = of(inputs);
        if (output === null)
          assert.ok(Number.isNaN(actual), `${test}: expected nothing, got ${actual}`);
        else closeTo(actual, output, test);
        compared++;
      }
      assert.ok(compared > 0, `${name}: none of ${calls.length} calls`);
    });
  }

  it("cum_returns", function () {
    const calls = capturedCalls<Inputs, Captured>(this, "empyrical_tests/cum_returns.json");
    for (const { test, inputs, output } of calls) {
      if (inputs.starting_value !== 0 || (inputs.returns.data as unknown[]).includes(null))
        continue;
      if (inputs.returns._type !== "series") continue;
      const actual = cumulativeGrowth(series(inputs.returns)).map((value) => value - 1);
      allCloseTo(actual, output.data as number[], test);
    }
  });
});
