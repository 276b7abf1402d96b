import { html } from "./html.ts";
import { sessions } from "./horizons.ts";
import { factorLines } from "./overview/factor-line.ts";
import { factorTable } from "./overview/factor-table.ts";
import { additions, likeness } from "./overview/likeness.ts";
import { overviewHeader } from "./overview/overview-header.ts";
import { overviewHonestBox } from "./overview/overview-honest-box.ts";
import { plantedTruth } from "./overview/planted-truth.ts";
import { rejections } from "./overview/rejections.ts";
import { renderPage } from "./page.ts";
import { section } from "./panel.ts";
import { provenanceLine, simulatedBand } from "./sections/header.ts";
import type { OverviewPage } from "./tear-sheet.ts";

/**
 * The page of all factors side by side: a self-contained HTML document that opens from disk and reaches no network.
 *
 * @param page sheets in the order of the page, and the comparison between them
 */
export function renderOverview(page: OverviewPage): string {
  const { overview, provenance } = page;
  const lines = factorLines(page);
  const truth = plantedTruth(lines);
  const caption = `All factors over ${sessions(overview.horizon)}`;
  return renderPage({
    title: "All factors · Quarry",
    band: simulatedBand(provenance),
    trail: html`<b>Quarry</b> <span aria-current="page">All factors</span>`,
    main: html`${overviewHeader(page, lines)}
    ${section("factors", caption, html`<div class="wide">${factorTable(lines, caption)}</div>`)}
    ${section("rejected", "What was rejected, and why", rejections(lines))}
    ${truth && section("truth", "What was planted, and what was found", truth)}
    ${section("likeness", "How alike they are", likeness(overview))}
    ${section("additions", "What each adds to those already there", additions(overview, lines))}
    ${section("honest", "The honest box", overviewHonestBox(lines))}`,
    footer: provenanceLine(provenance),
  });
}
