import type { HorizonDays } from "../../horizon-days.ts";
import { heatSteps } from "../colours.ts";
import { html, type Html } from "../html.ts";
import { sessions } from "../horizons.ts";
import { monthlyGrid } from "../series/monthly-grid.ts";
import { heatCell, shortCoefficient } from "../table.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Mean information coefficient by year and month as a table of coloured numbers. */
export function monthlyHeat(days: readonly string[], { horizon, ic }: HorizonDays): Html {
  const grid = monthlyGrid(days, ic);
  if (grid.length === 0) return html`<p class="empty">No day was kept.</p>`;
  const scale = depth(grid.flatMap((year) => year.months));
  const caption = `Mean rank IC at ${sessions(horizon)} by year and month`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table class="heat months">
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">Year</th>
            ${months.map((month) => html`<th scope="col">${month}</th>`)}
            <th scope="col" class="total">All</th>
          </tr>
        </thead>
        <tbody>
          ${grid.map(
            ({ year, months: cells, mean }) =>
              html`<tr>
                <th scope="row">${year}</th>
                ${cells.map((value) => heatCell(value, scale, shortCoefficient(value)))}${heatCell(mean, scale, shortCoefficient(mean), "total")}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${heatScale(scale)}`;
}

/** The key of a heat map: the colours from the lowest to the highest value. */
export function heatScale(scale: number): Html {
  const steps = Array.from({ length: 2 * heatSteps + 1 }, (_, at) => at - heatSteps);
  return html`<p class="heat-key" aria-hidden="true">
    ${shortCoefficient(-scale)}${steps.map(
      (step) => html`<i class="${step === 0 ? "" : step < 0 ? `n${-step}` : `p${step}`}"></i>`,
    )}${shortCoefficient(scale)}
  </p>`;
}

/** The value of the deepest colour: the 95th percentile of the sizes, so that one wild month doesn't pale the rest. */
function depth(values: readonly number[]): number {
  const sizes = values
    .map(Math.abs)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return sizes[Math.floor(0.95 * (sizes.length - 1))] ?? 0;
}
