import type { Statistic } from "../result.ts";
import { heatClass } from "./colours.ts";
import { html, type Html, type HtmlValue } from "./html.ts";
import { formatNumber, none, type NumberFormat } from "./number-format.ts";

/** A number, or an en dash that says on hover, and to a screen reader, why there is none. */
export function figure(
  value: Statistic,
  write: NumberFormat | ((value: Statistic) => string),
  reason: string,
): Html {
  if (value === null || !Number.isFinite(value)) return absent(reason);
  return html`${typeof write === "function" ? write(value) : formatNumber(value, write)}`;
}

/** What stands where a number is undefined. */
export function absent(reason: string): Html {
  return html`<span class="none" title="${reason}" role="img" aria-label="undefined: ${reason}"
    >${none}</span
  >`;
}

/** A table that scrolls inside its box when the page is narrow. */
export function table(
  caption: string,
  head: readonly HtmlValue[],
  rows: readonly Html[],
  classes = "",
): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="${classes}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** A row whose first cell names it. */
export function row(name: HtmlValue, cells: readonly HtmlValue[]): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr> `;
}

/** A cell coloured by its value; `scale` is the value of the deepest colour. */
export function heatCell(value: number | null, scale: number, text: string, classes = ""): Html {
  const all = [heatClass(value, scale), classes].filter(Boolean).join(" ");
  return all === "" ? html`<td>${text}</td>` : html`<td class="${all}">${text}</td>`;
}

/** A coefficient as a heat map has room for it: `.041`, `−.113`, `1.00`; empty where undefined. */
export function shortCoefficient(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return "";
  if (Math.abs(value) >= 0.9995) return value < 0 ? "−1.00" : "1.00";
  return formatNumber(value, { scale: 1, digits, unit: "" }).replace("0.", ".");
}
