import { factList, type Fact } from "../fact-list.ts";
import { html, type Html } from "../html.ts";
import { delayWords, listOf } from "../horizons.ts";
import { asPercent, formatLevel, formatNumber } from "../number-format.ts";
import { box } from "../panel.ts";
import { trialsCounted } from "../verdict.ts";
import type { FactorLine } from "./factor-line.ts";

/** What holds for every factor of the page. */
export function overviewHonestBox(lines: readonly FactorLine[]): Html {
  const [first] = lines;
  if (first === undefined) return html``;
  const { result, quantiles } = first.view;
  const { q } = result.fdr;
  const share = formatNumber(q, { ...asPercent, digits: 0 });
  const facts: readonly Fact[] = [
    ["Trials", trialsCounted(result.fdr)],
    [
      "Control",
      `Benjamini–Hochberg over every trial’s p-value at ${formatLevel(q)}: of the trials that pass, at most ${share} are expected to be luck. A trial is one factor at one horizon.`,
    ],
    ["Test", `${first.ic.hac_method}; each factor’s page names its own lag and terms`],
    ["Traded", delayWords(result.delay)],
    ["Horizons", listOf(result.horizons)],
    ["Quantiles", quantiles],
    ["Cost", `${first.portfolio.costBps} bp a side, linear, the same for all`],
    [
      "Portfolio",
      "long the side that the factor’s declared sign says earns more; long high values where none was declared",
    ],
    ["Rows that count", "value and returns at every horizon exist; no price is filled"],
    [
      "Not shown",
      "market impact, borrowing, taxes, anything out of sample, trials that were never recorded",
    ],
  ];
  return box({
    title: "What was assumed",
    wide: true,
    body: factList(facts, "assumed"),
  });
}
