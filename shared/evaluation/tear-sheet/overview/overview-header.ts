import { plural } from "../../../units.ts";
import { factList } from "../fact-list.ts";
import { html, type Html } from "../html.ts";
import { sessions } from "../horizons.ts";
import { formatLevel } from "../number-format.ts";
import type { OverviewPage } from "../tear-sheet.ts";
import { trialsCounted } from "../verdict.ts";
import { passed, type FactorLine } from "./factor-line.ts";

/** Title of the page and its one sentence. */
export function overviewHeader(
  { provenance, overview }: OverviewPage,
  lines: readonly FactorLine[],
): Html {
  const [first] = lines.flatMap(({ view }) => view.result.first_day ?? []).sort();
  const last = lines
    .flatMap(({ view }) => view.result.last_day ?? [])
    .sort()
    .at(-1);
  const about = factList([
    ["Days", first === undefined ? "none kept" : `${first} to ${last!}`],
    ["Horizon", `${sessions(overview.horizon)} where a table or chart shows one`],
  ]);
  const data = factList([
    ["Universe", provenance.universe],
    ["Prices", provenance.prices],
  ]);
  return html`<div class="title"><h1>${plural(lines.length, "factor")}, side by side</h1></div>
    <section class="verdict" aria-labelledby="verdict-title">
      <h2 id="verdict-title">Verdict</h2>
      <p>${summary(lines)}</p>
    </section>
    <div class="facts">${about} ${data}</div>`;
}

/** How many passed, among how many, and what that promises. */
export function summary(lines: readonly FactorLine[]): string {
  const [first] = lines;
  if (first === undefined) return "No factor was evaluated.";
  const { fdr } = first.view.result;
  const good = lines.filter(passed).length;
  const count =
    good === 0
      ? `None of ${plural(lines.length, "factor")} passes`
      : `${good} of ${plural(lines.length, "factor")} ${good === 1 ? "passes" : "pass"}`;
  const rest = lines.length - good;
  const luck =
    rest === 0
      ? ""
      : `; ${rest === lines.length ? "they" : `the other ${rest === 1 ? "one" : rest}`} can’t be told from luck`;
  return `${count} false-discovery control (${formatLevel(fdr.q)}) at ${good === 0 ? "any" : "some"} horizon among ${trialsCounted(fdr)}${luck}.`;
}
