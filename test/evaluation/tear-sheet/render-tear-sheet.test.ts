import assert from "node:assert/strict";
import { chartLibrary } from "../../../shared/evaluation/tear-sheet/assets.ts";
import {
  asCoefficient,
  asRatio,
  formatNumber,
  formatP,
} from "../../../shared/evaluation/tear-sheet/number-format.ts";
import { renderTearSheet } from "../../../shared/evaluation/tear-sheet/render-tear-sheet.ts";
import type { TearSheet } from "../../../shared/evaluation/tear-sheet/tear-sheet.ts";
import { sampleMarket } from "./sample-market.ts";
import { sampleFactors, sampleSheets } from "./sample-sheets.ts";

/** The page without its scripts and styles, spaces as one. */
function markupOf(page: string): string {
  return page.replace(/<(script|style)\b.*?<\/\1>/gs, "").replace(/\s+/g, " ");
}

/** Whether a page holds something; the page itself is too long for a message. */
function holds(page: string, pattern: RegExp): boolean {
  return pattern.test(page);
}

/** What a reader reads: no tags, entities as they are. */
function textOf(page: string): string {
  return markupOf(page)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
}

describe("a tear sheet", () => {
  const market = sampleMarket(40, 320);
  const factors = sampleFactors(market);
  let sheets: TearSheet[];
  let pages: string[];

  before(() => {
    sheets = sampleSheets(market, factors, { everything: true, simulated: true });
    pages = sheets.map(renderTearSheet);
  });

  it("shows the document's numbers at every horizon", () => {
    const { result } = sheets[0]!;
    const text = textOf(pages[0]!);
    for (const horizon of result.horizons) {
      const ic = result.ic[String(horizon)]!;
      const row = [
        `${horizon} ${formatNumber(ic.mean, asCoefficient)}`,
        formatNumber(ic.t_iid, asRatio),
        formatNumber(ic.t_hac, asRatio),
        formatP(ic.p_iid).replace("<", "&lt;"),
        formatP(ic.p_hac).replace("<", "&lt;"),
      ].join(" ");
      assert.ok(text.includes(row), row);
      assert.ok(text.includes(ic.hac_method));
    }
  });

  it("has every part, in order", () => {
    const titles = Array.from(pages[0]!.matchAll(/<h3>(.*?)<\/h3>/g), ([, title]) => title);
    assert.deepEqual(titles, [
      "IC by horizon and delay",
      "Cumulative IC",
      "IC by day",
      "IC by month",
      "IC distribution",
      "IC against the normal",
      "Mean return by quantile",
      "Cumulative return by quantile",
      "Top minus bottom quantile",
      "Turnover by quantile",
      "Coverage",
      "Growth and drawdown",
      "Net Sharpe ratio by cost",
      "By holding period",
      "IC by group",
      "Raw and neutral",
      "Raw beside neutral",
      "Delistings nobody knows the end of",
      "What was assumed",
      "Tests by horizon",
      "Deflated Sharpe ratio",
      "What this page does not show",
      "Notes of the evaluation",
    ]);
  });

  it("says in large letters that data is simulated, and what was planted", () => {
    const text = textOf(pages[0]!);
    assert.ok(holds(text, /Simulated data .* Planted: a signal with a rank IC/));
    const [real] = sampleSheets(market, factors.slice(0, 1), { horizons: [1] });
    assert.ok(!holds(textOf(renderTearSheet(real!)), /Simulated data|Planted:/));
  });

  it("shows the name of a factor as text wherever it stands", () => {
    const markup = markupOf(pages[3]!);
    assert.ok(!holds(markup, /<img/));
    assert.ok(holds(markup, /<h1>&lt;img src=x onerror=alert\(1\)&gt;<\/h1>/));
    assert.ok(holds(pages[3]!, /<title>&lt;img src=x/));
  });

  it("escapes groups, words and notes", () => {
    const [sheet] = sheets;
    const attack = "</script><script>alert(1)</script>";
    const page = renderTearSheet({
      ...sheet!,
      words: { ...sheet!.words!, title: attack, formula: attack, reference: attack },
      truth: attack,
      provenance: { ...sheet!.provenance, universe: attack, prices: attack, runId: attack },
      overviewHref: `"><script>alert(1)</script>`,
      result: {
        ...sheet!.result,
        ic_by_group: { [attack]: { "1": 0.1, "5": 0.2, "10": 0.3, "21": null } },
        neutralized: { ...sheet!.result.neutralized!, by: [attack] },
        notes: [{ path: attack, reason: attack }],
      },
    });
    assert.ok(!holds(page, /<script>alert/));
    assert.ok(holds(page, /&lt;\/script&gt;&lt;script&gt;alert\(1\)/));
  });

  it("names no address and holds the library once", () => {
    const markup = markupOf(pages[0]!);
    assert.ok(!holds(markup, /\b(src|href)="(?!data:|#|index\.html)/));
    assert.equal(pages[0]!.split("echarts={}").length, 2);
    assert.ok(
      holds(markup, /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;/),
    );
  });

  it("trades a factor whose sign is minus long low values, in every table", () => {
    const { result } = sheets[1]!;
    const text = textOf(pages[1]!);
    const gross = formatNumber(-(result.long_short["5"]!.sharpe ?? NaN), asRatio);
    assert.ok(holds(text, /long low values, short high ones, as the expected sign says/));
    const t = formatNumber(result.ic["5"]!.t_hac, asRatio);
    assert.ok(text.includes(`gross ${gross} `), gross);
    assert.ok(text.includes(` ${t} ${gross} `), `${t} ${gross}`);
  });

  it("gives the reason of a number that does not exist", () => {
    const nothing = {
      name: "nothing",
      table: { ...market.planted, values: market.planted.values.map(() => NaN) },
    };
    const [sheet] = sampleSheets(market, [nothing], { everything: true });
    const page = renderTearSheet(sheet!);
    assert.ok(holds(textOf(page), /Verdict Undefined Nothing can be said/));
    assert.ok(
      holds(
        markupOf(page),
        /title="defined on no day" role="img" aria-label="undefined: defined on no day" ?>–/,
      ),
    );
    assert.ok(holds(textOf(page), /no day was kept: no value has returns/));
    assert.ok(!holds(page, /class="chart"/));
    assert.ok(!holds(textOf(page), /NaN|undefined horizon|null/));
  });

  it("stands on one horizon without a control", () => {
    const [sheet] = sampleSheets(market, factors.slice(0, 1), { horizons: [10], delay: 0 });
    const page = renderTearSheet(sheet!);
    assert.ok(!holds(markupOf(page), /data-horizons/));
    assert.ok(holds(textOf(page), /Key figures at 10 sessions/));
    assert.ok(holds(textOf(page), /counts with its 10th root/));
    assert.ok(holds(textOf(page), /Groups: none were given/));
  });

  it("stays small over 5,040 days", () => {
    const long = sampleMarket(12, 5040);
    const [sheet] = sampleSheets(long, sampleFactors(long).slice(0, 1));
    const page = renderTearSheet(sheet!);
    const own = Buffer.byteLength(page) - Buffer.byteLength(chartLibrary());
    assert.ok(own < 400 * 1024, `${own} bytes beside the library`);
  });
});
