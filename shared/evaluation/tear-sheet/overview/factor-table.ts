import type { Statistic } from "../../result.ts";
import { html, type Html } from "../html.ts";
import {
  asCoefficient,
  asCount,
  asPercent,
  asRatio,
  formatP,
  type NumberFormat,
} from "../number-format.ts";
import { reasonOf } from "../sheet-view.ts";
import { chip } from "../sections/verdict-box.ts";
import { figure } from "../table.ts";
import type { FactorLine } from "./factor-line.ts";

interface Column {
  readonly name: string;
  /** What it sorts by; null sorts last. */
  readonly by: (line: FactorLine) => Statistic | string;
  readonly cell: (line: FactorLine) => Html;
}

/** All factors, a row each, sortable by every column. */
export function factorTable(lines: readonly FactorLine[], caption: string): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table class="sortable factors">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ name }) =>
            name === spark
              ? html`<th scope="col">${name}</th>`
              : html`<th scope="col" aria-sort="none"><button type="button">${name}</button></th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          (line) =>
            html`<tr>
              ${columns.map(({ by, cell }, at) => {
                const content = cell(line);
                const value = by(line) ?? "";
                return at === 0
                  ? html`<th scope="row" data-value="${value}">${content}</th>`
                  : html`<td data-value="${value}">${content}</td>`;
              })}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

const spark = "Cumulative IC";
const standings = ["passes", "passes-some", "passes-wrong-sign", "fails", "undefined"];

const columns: readonly Column[] = [
  {
    name: "Factor",
    by: ({ name }) => name,
    cell: ({ name, title, href }) =>
      html`<a href="${href}">${breakable(name)}</a>${title && html`<small>${title}</small>`}`,
  },
  { name: spark, by: () => null, cell: (line) => line.spark },
  number("IC", (line) => line.ic.mean, asCoefficient, "mean"),
  number("t HAC", (line) => line.ic.t_hac, asRatio, "t_hac"),
  number("t iid", (line) => line.ic.t_iid, asRatio, "t_iid"),
  number("p", (line) => line.ic.p_hac, formatP, "p_hac"),
  number("p adjusted", (line) => line.pAdjusted, formatP, "p_hac"),
  {
    name: "Verdict",
    by: ({ verdict }) => -standings.indexOf(verdict.standing),
    cell: ({ verdict }) => chip(verdict),
  },
  number("Sharpe net", (line) => line.portfolio.netSharpe, asRatio),
  number("Turnover", (line) => line.portfolio.turnover, asPercent),
  number("Names", (line) => line.view.result.coverage.mean, asCount),
];

/** A column of numbers; `statistic` is its name in the coefficient's summary, where the reason of a gap is noted. */
function number(
  name: string,
  by: (line: FactorLine) => Statistic,
  write: NumberFormat | ((value: Statistic) => string),
  statistic?: string,
): Column {
  const path = ({ portfolio: { horizon } }: FactorLine): string =>
    statistic ? `ic.${horizon}.${statistic}` : `long_short.${horizon}.sharpe`;
  return {
    name,
    by,
    cell: (line) => figure(by(line), write, reasonOf(line.view.result, path(line))),
  };
}

/** A name that may be broken after an underscore, where a column is narrow. */
function breakable(name: string): Html[] {
  return name.split(/(?<=_)/).map((part) => html`${part}<wbr />`);
}
