import { html, type Html } from "../../shared/evaluation/tear-sheet/html.ts";
import { renderPage } from "../../shared/evaluation/tear-sheet/page.ts";
import type { StoredReport, VerifiedDatum } from "../../shared/text/report/read-report.ts";
import { plural } from "../../shared/units.ts";
import type { ShownReport } from "../../shared/warehouse/tables/reports.ts";

/** A report as people read it in a terminal. */
export function describeReport(row: ShownReport): {
  readonly parsed: StoredReport | undefined;
  readonly text: string;
} {
  const parsed = row.report === "" ? undefined : (JSON.parse(row.report) as StoredReport);
  const head = `${row.ticker}, period to ${row.periodEnd}: ${row.file}, ${row.pages} pages${row.scanned.length > 0 ? ` (${row.scanned.length} scanned)` : ""}, known at ${row.knownAt} UTC`;
  if (parsed === undefined) return { parsed, text: `${head}\n${row.state}: ${row.reason}` };
  const text = [
    head,
    ...parsed.items.flatMap((item) => [
      "",
      `${item.category}: ${item.rating === null ? "no rating" : `${item.rating.toFixed(1)} of 10`}`,
      `  ${item.summary}`,
      ...(item.year_over_year_change === "" ? [] : [`  Change: ${item.year_over_year_change}`]),
      `  Why: ${item.rating_justification}`,
      ...item.key_data.map(
        ({ text: datum, page, verified }) =>
          `  - ${datum} (page ${page}${verified ? "" : ", quote not found there"})`,
      ),
    ]),
    "",
    parsed.overall_assessment,
    parsed.investment_recommendation,
    "",
    `Score ${row.scoreKey} (${row.scoreSet}).`,
  ].join("\n");
  return { parsed, text };
}

/**
 * A report as a page with its citations.
 *
 * @param simulated true where company and report are made up
 */
export function reportPage(
  row: ShownReport,
  report: StoredReport | undefined,
  simulated = false,
): string {
  const title = `${row.ticker}: annual report to ${row.periodEnd}`;
  return renderPage({
    title,
    charts: false,
    band: bandOf(row, simulated),
    trail: html`<span>${row.ticker}</span>`,
    main: html`<h1>${title}</h1>
      <p>
        ${row.file}: ${plural(row.pages, "page")}, ${row.scanned.length} of them
        scanned${row.scanned.length > 0 ? ` (${row.scanned.join(", ")})` : ""}. Known at
        ${row.knownAt} UTC.
      </p>
      ${
        report === undefined
          ? html`<p class="empty">${row.state}: ${row.reason}</p>`
          : [ratings(report), ...report.items.map(section), closing(report)]
      }`,
    footer: html`<p>
      Score <code>${row.scoreKey}</code>, set <code>${row.scoreSet}</code>: quarry score show
      ${row.scoreKey.slice(0, 16)} tells prompt, model, reply and price.
    </p>`,
  });
}

function bandOf({ scoreSet }: ShownReport, simulated: boolean): Html | undefined {
  const words = [
    ...(simulated ? ["Simulated data: the company and its report are made up."] : []),
    ...(scoreSet.endsWith("@word-lists-1")
      ? ["Rated by word lists: no language model, no judgement."]
      : []),
  ];
  return words.length === 0 ? undefined : html`<p class="band" role="note">${words.join(" ")}</p>`;
}

function ratings({ items }: StoredReport): Html {
  return html`<section>
    <h2>Ratings, from 0 to 10</h2>
    <div class="scroll">
      <table class="ratings">
        <thead>
          <tr>
            <th scope="col">Category</th>
            <th scope="col" class="number">Rating</th>
            <th scope="col" class="number">Key data</th>
            <th scope="col" class="number">Verified</th>
          </tr>
        </thead>
        <tbody>
          ${items.map(
            ({ category, rating, key_data }) =>
              html`<tr>
                <th scope="row">${category}</th>
                <td class="number">${rating === null ? "none" : rating.toFixed(1)}</td>
                <td class="number">${key_data.length}</td>
                <td class="number">${key_data.filter(({ verified }) => verified).length}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function section(item: StoredReport["items"][number]): Html {
  return html`<section>
    <h2>${item.category}</h2>
    <p>${item.summary}</p>
    ${item.year_over_year_change !== "" && html`<p>Change: ${item.year_over_year_change}</p>`}
    <p><small>${item.rating_justification}</small></p>
    ${
      item.key_data.length > 0 &&
      html`<ul class="citations">
        ${item.key_data.map(datum)}
      </ul>`
    }
  </section>`;
}

function datum({ text, page, quote, verified }: VerifiedDatum): Html {
  // What is its own quote is not said twice.
  const isQuote = quote.startsWith(text.replace(/\.\.\.$/, ""));
  return html`<li>
    ${!isQuote && text}
    <blockquote>
      ${quote} <cite>page ${page}${verified ? "" : ": these words were not found there"}</cite>
    </blockquote>
  </li>`;
}

function closing({ overall_assessment, investment_recommendation }: StoredReport): Html {
  return html`<section>
    <h2>In all</h2>
    <p>${overall_assessment}</p>
    <p>${investment_recommendation}</p>
  </section>`;
}
