import assert from "node:assert/strict";
import type { IcSummary } from "../../../../shared/evaluation/result.ts";
import {
  factorLines,
  type FactorLine,
} from "../../../../shared/evaluation/tear-sheet/overview/factor-line.ts";
import {
  doubtsOf,
  rejectionOf,
} from "../../../../shared/evaluation/tear-sheet/overview/rejections.ts";
import { sampleMarket } from "../sample-market.ts";
import { sampleOverview, sampleSheets } from "../sample-sheets.ts";

const market = sampleMarket(30, 200);
const factors = [{ name: "a", table: market.planted }];
const page = sampleOverview(market, factors, sampleSheets(market, factors, { horizons: [1, 5] }));
const [line] = factorLines(page);

/** The line with other coefficients by horizon and adjusted p-values. */
function changed(
  ic: Record<string, Partial<IcSummary>>,
  p_adjusted: Record<string, number>,
): FactorLine {
  const { view } = line!;
  const { result } = view;
  const summaries = Object.fromEntries(
    Object.entries(result.ic).map(([key, summary]) => [key, { ...summary, ...ic[key] }]),
  );
  const fdr = { ...result.fdr, trials: 56, p_adjusted };
  return { ...line!, view: { ...view, result: { ...result, ic: summaries, fdr } } };
}

describe("why a factor was rejected", () => {
  it("because others were tried", () => {
    const reason = rejectionOf(changed({ 1: { p_hac: 0.5 }, 5: { p_hac: 0.012 } }, { 5: 0.224 }));
    assert.equal(
      reason,
      "Alone it would pass over 5 sessions (p 0.0120), but luck does as well somewhere among 56 trials: adjusted p 0.224.",
    );
  });

  it("because days are no independent witnesses", () => {
    const five = { p_hac: 0.21, t_hac: 1.3, t_iid: 4.1, p_iid: 0.00005 };
    assert.equal(
      rejectionOf(changed({ 1: { p_hac: 0.6, p_iid: 0.5 }, 5: five }, {})),
      "The iid t of 4.10 over 5 sessions takes overlapping, persistent days as independent; HAC t is 1.30, p 0.210.",
    );
  });

  it("because there is nothing", () => {
    const one = { p_hac: 0.34, p_iid: 0.3, mean: 0.0012 };
    assert.equal(
      rejectionOf(changed({ 1: one, 5: { p_hac: 0.8, p_iid: 0.7 } }, {})),
      "Nothing at any horizon: the best is an IC of 0.0012 over 1 session, p 0.340.",
    );
  });

  it("because there was no test", () => {
    const none = { p_hac: null };
    assert.match(rejectionOf(changed({ 1: none, 5: none }, {})), /^The test is undefined at every/);
  });
});

describe("what speaks against a factor that passed", () => {
  const fine = { ...line!.portfolio, grossSharpe: 1, netSharpe: 0.5 };
  const marginal = { factor: "a", ic: 0.004, t: 1, p: 0.32 };

  it("is nothing, a sign, a cost, or that others know it already", () => {
    const good: FactorLine = { ...line!, portfolio: fine, marginal: { ...marginal, p: 0.001 } };
    assert.deepEqual(doubtsOf(good), []);
    const verdict = { ...good.verdict, standing: "passes-wrong-sign" as const };
    assert.deepEqual(doubtsOf({ ...good, verdict }), [
      "Its sign is not the one that was expected.",
    ]);
    assert.match(
      doubtsOf({ ...good, portfolio: { ...fine, netSharpe: -0.2 } }).join(" "),
      /^Held 5 sessions, it does not survive a cost of 10 bp a side: net Sharpe ratio −0\.20\.$/,
    );
    assert.match(
      doubtsOf({ ...good, portfolio: { ...fine, grossSharpe: -1, netSharpe: -2 } }).join(" "),
      /loses before cost: .* traded long high values, as no sign was declared\.$/,
    );
    assert.match(
      doubtsOf({ ...good, marginal }).join(" "),
      /adds an IC of 0\.0040 over 5 sessions/,
    );
  });
});
