import { html, type Html } from "../html.ts";
import { heatCell, shortCoefficient } from "../table.ts";

/** A symmetric matrix of correlations as a table; columns are numbered like the rows, so that names may be long. */
export function correlationMatrix(
  caption: string,
  names: readonly string[],
  matrix: readonly Float64Array[],
): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="heat matrix">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Factor</th>
          ${names.map((name, at) => html`<th scope="col" title="${name}" aria-label="${name}">${at + 1}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (name, at) =>
            html`<tr>
              <th scope="row"><span class="number">${at + 1}</span>${name}</th>
              ${names.map((_, other) =>
                other === at
                  ? html`<td class="same">1</td>`
                  : heatCell(matrix[at]![other]!, 1, shortCoefficient(matrix[at]![other]!, 2)),
              )}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
