import { html, type Html, type HtmlValue } from "../html.ts";
import { perHorizon, sessions } from "../horizons.ts";
import { asCoefficient, asPercent, asRatio, formatP } from "../number-format.ts";
import { icAt, portfolioAt, reasonOf, type SheetView } from "../sheet-view.ts";
import { figure } from "../table.ts";

/** The control that chooses the horizon of the page; nothing where there is one only. */
export function horizonControl({ horizons, primary }: SheetView): Html | undefined {
  if (horizons.length < 2) return undefined;
  return html`<form class="horizons" data-horizons autocomplete="off">
    <fieldset>
      <legend>Horizon, sessions</legend>
      ${horizons.map(
        (horizon) =>
          html`<label
            ><input
              type="radio"
              name="horizon"
              value="${horizon}"
              ${horizon === primary && html` checked`}
            /><span>${horizon}</span></label
          >`,
      )}
    </fieldset>
  </form>`;
}

/** The numbers one looks for first, at the chosen horizon. */
export function keyFigures(view: SheetView): Html {
  const { horizons, primary } = view;
  return html`<section class="key" aria-labelledby="key-title">
    <h2 id="key-title">Key figures at ${perHorizon(horizons, primary, "span", sessions)}</h2>
    ${perHorizon(horizons, primary, "div", (horizon) => html`<dl class="tiles">${tiles(view, horizon)}</dl>`)}
  </section>`;
}

function tiles(view: SheetView, horizon: number): Html[] {
  const { result } = view;
  const ic = icAt(result, horizon);
  const portfolio = portfolioAt(view, horizon);
  const why = (name: string): string => reasonOf(result, `ic.${horizon}.${name}`);
  const whyPortfolio = reasonOf(result, `long_short.${horizon}.sharpe`);
  const { p_adjusted, trials } = result.fdr;
  return [
    tile(
      "IC mean",
      figure(ic.mean, asCoefficient, why("mean")),
      html`std ${figure(ic.std, asCoefficient, why("std"))}`,
    ),
    tile("IR", figure(ic.ir, asRatio, why("ir")), "mean / std, daily"),
    tile(
      "t, HAC",
      figure(ic.t_hac, asRatio, why("t_hac")),
      html`iid ${figure(ic.t_iid, asRatio, why("t_iid"))}`,
    ),
    tile(
      "p, HAC",
      figure(ic.p_hac, formatP, why("p_hac")),
      html`iid ${figure(ic.p_iid, formatP, why("p_iid"))}`,
    ),
    tile(
      "p, adjusted",
      figure(p_adjusted[String(horizon)] ?? null, formatP, why("p_hac")),
      trials === 1 ? "of 1 trial" : `of ${trials} trials`,
    ),
    tile(
      "Sharpe, net",
      figure(portfolio.netSharpe, asRatio, whyPortfolio),
      html`gross ${figure(portfolio.grossSharpe, asRatio, whyPortfolio)}`,
    ),
    tile(
      "Return, net, yearly",
      figure(portfolio.netAnnualReturn, asPercent, whyPortfolio),
      html`drawdown ${figure(portfolio.netDrawdown, asPercent, whyPortfolio)}`,
    ),
    tile("Turnover", figure(portfolio.turnover, asPercent, whyPortfolio), "of the book a day"),
  ];
}

function tile(name: string, value: HtmlValue, beside: HtmlValue): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
    <dd class="beside">${beside}</dd>
  </div>`;
}
