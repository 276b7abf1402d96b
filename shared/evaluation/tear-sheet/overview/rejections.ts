import { plural } from "../../../units.ts";
import { html, type Html } from "../html.ts";
import { sessions } from "../horizons.ts";
import { asCoefficient, asRatio, formatNumber, formatP } from "../number-format.ts";
import { box } from "../panel.ts";
import { icAt, reasonOf } from "../sheet-view.ts";
import type { TradedPortfolio } from "../traded-portfolio.ts";
import { passed, type FactorLine } from "./factor-line.ts";

/** Factors that did not pass, and why; those that passed and deserve a second look. */
export function rejections(lines: readonly FactorLine[]): Html {
  const rejected = lines.filter((line) => !passed(line));
  const doubtful = lines.filter(passed).flatMap((line) => {
    const doubts = doubtsOf(line);
    return doubts.length === 0 ? [] : [{ line, doubts }];
  });
  return html`${box({
    title: "Did not pass",
    wide: doubtful.length === 0,
    body:
      rejected.length === 0
        ? html`<p>Nothing was rejected.</p>`
        : html`<dl class="reasons">${rejected.map((line) => entry(line, rejectionOf(line)))}</dl>`,
  })}${
    doubtful.length > 0 &&
    box({
      title: "Passed, but",
      body: html`<dl class="reasons">
        ${doubtful.map(({ line, doubts }) => entry(line, doubts.join(" ")))}
      </dl>`,
    })
  }`;
}

/** Why a factor did not pass, in one sentence, from its best horizon. */
export function rejectionOf({ view }: FactorLine): string {
  const { result, horizons } = view;
  const { q, trials, p_adjusted } = result.fdr;
  const tested = horizons
    .map((horizon) => ({ horizon, ic: icAt(result, horizon) }))
    .filter(({ ic }) => ic.p_hac !== null)
    .sort((a, b) => a.ic.p_hac! - b.ic.p_hac!);
  const [best] = tested;
  if (best === undefined) {
    return `The test is undefined at every horizon: ${reasonOf(result, `ic.${horizons[0]!}.p_hac`)}.`;
  }
  const at = sessions(best.horizon);
  const p = formatP(best.ic.p_hac);
  const adjusted = formatP(p_adjusted[String(best.horizon)] ?? null);
  if (best.ic.p_hac! <= q) {
    return `Alone it would pass over ${at} (p ${p}), but luck does as well somewhere among ${plural(trials, "trial")}: adjusted p ${adjusted}.`;
  }
  const naive = tested.find(({ ic }) => ic.p_iid !== null && ic.p_iid <= q);
  if (naive) {
    const { t_iid, t_hac, p_hac } = naive.ic;
    return `The iid t of ${formatNumber(t_iid, asRatio)} over ${sessions(naive.horizon)} takes overlapping, persistent days as independent; HAC t is ${formatNumber(t_hac, asRatio)}, p ${formatP(p_hac)}.`;
  }
  return `Nothing at any horizon: the best is an IC of ${formatNumber(best.ic.mean, asCoefficient)} over ${at}, p ${p}.`;
}

/** What speaks against a factor that passed. */
export function doubtsOf({ verdict, portfolio, marginal, view }: FactorLine): string[] {
  const { q } = view.result.fdr;
  const held = sessions(portfolio.horizon);
  return [
    verdict.standing === "passes-wrong-sign" && "Its sign is not the one that was expected.",
    costDoubt(portfolio, view.sheet.words !== undefined),
    marginal !== undefined &&
      !(marginal.p <= q) &&
      `Beside the stronger ones it adds an IC of ${formatNumber(marginal.ic, asCoefficient)} over ${held} (p ${formatP(marginal.p)}): no more than luck would.`,
  ].filter((doubt) => doubt !== false);
}

function costDoubt(
  { horizon, costBps, grossSharpe, netSharpe }: TradedPortfolio,
  declared: boolean,
): string | false {
  if (grossSharpe === null || netSharpe === null || netSharpe > 0) return false;
  const held = sessions(horizon);
  if (grossSharpe > 0) {
    return `Held ${held}, it does not survive a cost of ${costBps} bp a side: net Sharpe ratio ${formatNumber(netSharpe, asRatio)}.`;
  }
  const loses = `Held ${held}, it loses before cost: gross Sharpe ratio ${formatNumber(grossSharpe, asRatio)}.`;
  return declared ? loses : `${loses} It was traded long high values, as no sign was declared.`;
}

function entry({ name, href }: FactorLine, reason: string): Html {
  return html`<div>
    <dt><a href="${href}">${name}</a></dt>
    <dd>${reason}</dd>
  </div>`;
}
