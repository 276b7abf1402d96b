import { formatCount } from "../../../units.ts";
import { factList } from "../fact-list.ts";
import { html, type Html } from "../html.ts";
import { delayWords, inSessions, sessions } from "../horizons.ts";
import { asCount, formatNumber } from "../number-format.ts";
import type { SheetView } from "../sheet-view.ts";
import type { Provenance } from "../tear-sheet.ts";

/** Loud where any number on the page came from the simulator; what was planted, where it is known. */
export function simulatedBand({ simulated }: Provenance, truth?: string): Html | undefined {
  if (!simulated) return undefined;
  return html`<aside class="band" aria-label="Simulated data">
    <strong>Simulated data</strong>
    <span
      >Quarry’s simulator made these prices; nothing here is about a real
      market.${truth && html` <b>Planted:</b> ${truth}`}</span
    >
  </aside>`;
}

/** Name, words and dates of a factor. */
export function header({ sheet, result, horizons }: SheetView): Html {
  const { words, provenance } = sheet;
  const span =
    result.first_day === null
      ? "no day was kept"
      : `${result.first_day} to ${result.last_day ?? ""}`;
  const expected =
    words && (words.sign > 0 ? "high values earn more (+)" : "low values earn more (−)");
  const { mean, min, max } = result.coverage;
  const about = factList([
    ["Formula", words?.formula ?? "none declared: the values were given"],
    words && ["Reference", words.reference],
    ["Expected sign", expected ?? "none declared"],
    words && ["Look-back", sessions(words.lookback)],
  ]);
  const names = `${formatNumber(mean, asCount)} names a day (${formatCount(min)} to ${formatCount(max)})`;
  const data = factList([
    ["Kept days", `${span} (${formatCount(result.days)})`],
    ["Rows", `${formatCount(result.rows)}, ${names}`],
    ["Universe", provenance.universe],
    ["Prices", provenance.prices],
    ["Traded", delayWords(result.delay)],
    ["Horizons", inSessions(horizons)],
  ]);
  return html`<div class="title">
      <h1>${words?.title ?? result.factor}</h1>
      <p class="name">
        ${words ? html`<code>${result.factor}</code> version ${words.version}` : "own signal"}
      </p>
    </div>
    <div class="facts">${about} ${data}</div>`;
}

/** The run behind the numbers, for the foot of a page. */
export function provenanceLine({ runId, codeVersion, generatedAt }: Provenance): Html {
  return html`<p>
    Quarry <code>${codeVersion}</code>, run <code>${runId}</code>,
    <time datetime="${generatedAt}">${generatedAt.slice(0, 16).replace("T", " ")} UTC</time>
  </p>`;
}
