import assert from "node:assert/strict";
import { renderOverview } from "../../../shared/evaluation/tear-sheet/render-overview.ts";
import type { OverviewPage } from "../../../shared/evaluation/tear-sheet/tear-sheet.ts";
import { sampleMarket } from "./sample-market.ts";
import { sampleFactors, sampleOverview, sampleSheets } from "./sample-sheets.ts";

describe("the overview", () => {
  const market = sampleMarket(40, 320);
  const factors = sampleFactors(market);
  let page: OverviewPage;
  let markup: string;

  before(() => {
    page = sampleOverview(market, factors, sampleSheets(market, factors, { simulated: true }));
    markup = renderOverview(page)
      .replace(/<(script|style)\b.*?<\/\1>/gs, "")
      .replace(/\s+/g, " ");
  });

  it("has a row a factor that leads to its page", () => {
    const rows = markup.match(/<tbody>.*?<\/tbody>/)![0].match(/<tr>.*?<\/tr>/g)!;
    assert.equal(rows.length, factors.length);
    assert.match(rows[0], /<a href="factor-0.html">planted<wbr \/><\/a>/);
    assert.match(
      rows[3]!,
      /<a href="factor-3.html">&lt;img src=x onerror=alert\(1\)&gt;<wbr \/><\/a>/,
    );
  });

  it("sorts by full numbers, not by what is shown", () => {
    const { mean } = page.sheets[0]!.sheet.result.ic["5"]!;
    assert.ok(markup.includes(`data-value="${mean}"`));
  });

  it("says what passed and what was rejected", () => {
    const { rejected } = page.sheets[2]!.sheet.result.fdr;
    assert.ok(Object.values(rejected).every((passed) => !passed));
    assert.match(markup, /Did not pass.*?slow_noise/);
    assert.match(markup, /of 4 factors pass(es)? false-discovery control/);
  });

  it("holds what was planted against what was found", () => {
    assert.match(markup, /What was planted, and what was found/);
    assert.match(markup, /nothing: noise with a daily autocorrelation of 0\.98\./);
    const open = {
      ...page,
      sheets: page.sheets.map(({ sheet, href }) => ({
        sheet: { ...sheet, truth: undefined },
        href,
      })),
    };
    assert.doesNotMatch(renderOverview(open), /What was planted/);
  });

  it("has both matrices with their numbers", () => {
    const matrices = markup.match(/class="heat matrix".*?<\/table>/g)!;
    assert.equal(matrices.length, 2);
    const between = page.overview.valueCorrelation[0]![1]!.toFixed(2).replace("-0", "−");
    assert.ok(matrices[0].includes(`>${between}<`), between);
  });

  it("is a page without any factor too", () => {
    const overview = {
      ...page.overview,
      factors: [],
      marginal: [],
      valueCorrelation: [],
      icCorrelation: [],
    };
    assert.match(renderOverview({ ...page, sheets: [], overview }), /No factor was evaluated\./);
  });
});
