import { html, type Html } from "../html.ts";
import { asCoefficient, asRatio, formatNumber } from "../number-format.ts";
import { chip } from "../sections/verdict-box.ts";
import type { FactorLine } from "./factor-line.ts";

/** What the simulator planted beside what the test found; nothing where no truth is known. */
export function plantedTruth(lines: readonly FactorLine[]): Html | undefined {
  const known = lines.filter(({ view }) => view.sheet.truth !== undefined);
  if (known.length === 0) return undefined;
  const caption = "What was planted, and what the test found";
  return html`<div class="scroll wide" tabindex="0" role="region" aria-label="${caption}">
    <table class="words">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Factor</th>
          <th scope="col">Planted</th>
          <th scope="col">Found</th>
          <th scope="col">IC</th>
          <th scope="col">t HAC</th>
        </tr>
      </thead>
      <tbody>
        ${known.map(
          ({ name, href, view, verdict, ic }) =>
            html`<tr>
              <th scope="row"><a href="${href}">${name}</a></th>
              <td>${view.sheet.truth}</td>
              <td>${chip(verdict)}</td>
              <td>${formatNumber(ic.mean, asCoefficient)}</td>
              <td>${formatNumber(ic.t_hac, asRatio)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
