import assert from "node:assert/strict";
import type { Statistic } from "../../../shared/evaluation/result.ts";
import { tradedPortfolios } from "../../../shared/evaluation/tear-sheet/traded-portfolio.ts";
import { sampleMarket } from "./sample-market.ts";
import { sampleSheets, words } from "./sample-sheets.ts";

/** A statistic that must exist here. */
function defined(value: Statistic): number {
  assert.ok(value !== null);
  return value;
}

describe("the traded portfolio", () => {
  const market = sampleMarket(30, 260);
  const [plus, minus, own] = sampleSheets(market, [
    { name: "plus", table: market.planted, words: words("Plus", 1) },
    { name: "minus", table: market.planted, words: words("Minus", -1) },
    { name: "own", table: market.planted },
  ]);

  it("is the document's where high values are long", () => {
    for (const sheet of [plus!, own!]) {
      for (const one of tradedPortfolios(sheet)) {
        const said = sheet.result.long_short[String(one.horizon)]!;
        assert.equal(one.direction, 1);
        assert.equal(one.grossSharpe, said.sharpe);
        assert.equal(one.netSharpe, said.net_of_cost.sharpe);
        assert.equal(one.netAnnualReturn, said.net_of_cost.annual_return);
        assert.equal(one.turnover, said.turnover);
        assert.deepEqual(one.capacity, said.capacity);
        assert.equal(one.deflated, sheet.result.fdr.deflated_sharpe[String(one.horizon)]);
      }
    }
  });

  it("is turned round where the sign says minus, and pays the same cost", () => {
    const [up, down] = [tradedPortfolios(plus!), tradedPortfolios(minus!)];
    for (const [at, one] of down.entries()) {
      assert.equal(one.direction, -1);
      assert.equal(one.grossSharpe, -defined(up[at]!.grossSharpe));
      assert.ok(defined(one.netSharpe) < defined(one.grossSharpe));
      assert.equal(one.turnover, up[at]!.turnover);
      assert.ok(defined(one.deflated.probability) < 0.5);
      assert.equal(one.deflated.skew, -defined(up[at]!.deflated.skew));
    }
  });

  it("earns its first return the session after the first trade", () => {
    const [first] = tradedPortfolios(plus!);
    assert.equal(first!.days[0], market.prices.days[plus!.result.delay + 1]);
    assert.equal(first!.days.length, first!.gross.length);
  });
});
