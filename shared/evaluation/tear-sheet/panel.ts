import type { ByHorizon } from "../result.ts";
import type { Chart, LegendEntry } from "./charts/chart.ts";
import { embeddedJson } from "./embed.ts";
import { html, trusted, type Html, type HtmlValue } from "./html.ts";

/** A chart with its words. */
export interface Panel {
  readonly title: string;
  /** Units and the one number to take away. */
  readonly note?: HtmlValue;
  /** One chart, or one a horizon that the page's control chooses from; a missing one is said to be empty. */
  readonly chart: Chart | undefined | ByHorizon<Chart | undefined>;
  /** The horizon drawn first, where there is one chart a horizon. */
  readonly primary?: number;
  /** How to read it, what it leaves out. */
  readonly caption?: HtmlValue;
  readonly wide?: boolean;
  readonly tall?: boolean;
}

/** A figure: heading, legend, the chart's place with its data beside it, caption. */
export function panel({ title, note, caption, chart, primary, wide, tall }: Panel): Html {
  const charts: ByHorizon<Chart | undefined> = isChart(chart) ? { "": chart } : (chart ?? {});
  const first = charts[primary ?? ""] ?? Object.values(charts).find((one) => one !== undefined);
  const data = Object.fromEntries(
    Object.entries(charts).map(([key, one]) => [
      key,
      one ? { option: one.option, formats: one.formats, label: one.label } : null,
    ]),
  );
  return html`<figure class="panel${wide && " wide"}">
    <h3>${title}</h3>
    ${note && html`<p class="note">${note}</p>`} ${first?.legend && legend(first.legend)}
    ${
      first === undefined
        ? html`<p class="empty">Nothing to draw: too few days, or undefined at every horizon.</p>`
        : html`<div
              class="chart${tall && " tall"}"
              role="img"
              aria-label="${first.label}"
              ${first.height !== undefined && html` style="height:${first.height}px"`}
            ></div>
            <script type="application/json">
              ${trusted(embeddedJson(data))}
            </script>`
    }
    ${caption && html`<figcaption>${caption}</figcaption>`}
  </figure> `;
}

/** A figure whose content is markup, a table for instance. */
export function box({ title, note, body, caption, wide }: Box): Html {
  return html`<figure class="panel${wide && " wide"}">
    <h3>${title}</h3>
    ${note && html`<p class="note">${note}</p>`} ${body}
    ${caption && html`<figcaption>${caption}</figcaption>`}
  </figure> `;
}

/** Markup with the words of a panel. */
export interface Box extends Pick<Panel, "title" | "note" | "caption" | "wide"> {
  readonly body: Html | readonly Html[];
}

/** A part of the page: a heading and panels in one or two columns. */
export function section(id: string, title: string, ...content: readonly HtmlValue[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <div class="grid">${content}</div>
  </section> `;
}

function legend(entries: readonly LegendEntry[]): Html | undefined {
  if (entries.length === 0) return undefined;
  return html`<ul class="legend">
    ${entries.map(
      ({ name, colour, mark }) =>
        html`<li><i class="${mark}" style="--mark:${colour}"></i>${name}</li>`,
    )}
  </ul>`;
}

function isChart(chart: Panel["chart"]): chart is Chart {
  return chart !== undefined && "option" in chart;
}
