import assert from "node:assert/strict";
import { ForwardReturns } from "../../shared/evaluation/forward-returns.ts";
import { compareFactors, type OverviewFactor } from "../../shared/evaluation/overview.ts";
import type { DayTable } from "../../shared/evaluation/tables.ts";
import { sessions } from "../../shared/market/calendar.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { uniform } from "../factors/support/made-inputs.ts";

const days = sessions(parseTradingDay("2024-01-02"), parseTradingDay("2024-06-28"));
const assets = Array.from({ length: 20 }, (_, at) => `S${at}`) as unknown as DayTable["assets"];
const next = uniform(3);

/** A table of random numbers, missing but for a share of its cells. */
function table(share: number, of: () => number): DayTable {
  const values = Float64Array.from({ length: days.length * assets.length }, () =>
    next() < share ? of() : NaN,
  );
  return { days, assets, values };
}

describe("factors side by side", () => {
  const prices = table(1, () => 10 + next());
  const forward = new ForwardReturns(prices, { horizons: [1], delay: 0 });
  const factor = (name: string, share: number): OverviewFactor => ({
    name,
    table: table(share, next),
    strength: 1,
  });

  it("are compared on names that have all of them; one that few names have is left out, and named", () => {
    const dense = [factor("a", 1), factor("b", 0.9), factor("c", 1)];
    const both = compareFactors([...dense, factor("news", 0.05)], forward, 0);
    const without = compareFactors(dense, forward, 0);
    assert.deepEqual(both.sparse, ["news"]);
    assert.deepEqual(both.factors, ["a", "b", "c"]);
    assert.ok(both.days > 100);
    assert.deepEqual({ ...both, sparse: [] }, without);
    assert.ok(both.valueCorrelation.every((row) => row.every(Number.isFinite)));
    assert.deepEqual(both.marginal.map((one) => one.factor).toSorted(), ["a", "b", "c"]);
  });
});
