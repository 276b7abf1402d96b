import { html } from "./html.ts";
import { renderPage } from "./page.ts";
import { breakdown } from "./sections/breakdown.ts";
import { header, provenanceLine, simulatedBand } from "./sections/header.ts";
import { honestBox } from "./sections/honest-box.ts";
import { information } from "./sections/information.ts";
import { horizonControl, keyFigures } from "./sections/key-figures.ts";
import { portfolio } from "./sections/portfolio.ts";
import { quantileReturns } from "./sections/quantile-returns.ts";
import { stability } from "./sections/stability.ts";
import { verdictBox } from "./sections/verdict-box.ts";
import { viewOf } from "./sheet-view.ts";
import type { TearSheet } from "./tear-sheet.ts";
import { factsOf, verdictOf } from "./verdict.ts";

/**
 * One factor's page: a self-contained HTML document that opens from disk and reaches no network.
 *
 * @param sheet the result, the days behind it, and the words around them
 */
export function renderTearSheet(sheet: TearSheet): string {
  const view = viewOf(sheet);
  const { provenance, words, overviewHref, result } = sheet;
  return renderPage({
    title: `${words?.title ?? result.factor} · Quarry tear sheet`,
    band: simulatedBand(provenance, sheet.truth),
    trail: html`<b>Quarry</b>
      ${overviewHref ? html`<a href="${overviewHref}">All factors</a>` : html`<span>Tear sheet</span>`}
      <span aria-current="page">${result.factor}</span>`,
    main: html`${header(view)} ${verdictBox(verdictOf(factsOf(view)))} ${horizonControl(view)}
    ${keyFigures(view)} ${information(view)} ${quantileReturns(view)} ${stability(view)}
    ${portfolio(view)} ${breakdown(view)} ${honestBox(view)}`,
    footer: provenanceLine(provenance),
  });
}
