import { plural } from "../../../units.ts";
import type { Note } from "../../result.ts";
import { html, type Html } from "../html.ts";

/** More notes than this are folded. */
const open = 6;

/** Every note of the document: where it stands and why. */
export function notesList(notes: readonly Note[]): Html {
  if (notes.length === 0) return html`<p>None: every statistic on this page is defined.</p>`;
  const list = html`<dl class="notes">
    ${notes.map(
      ({ path, reason }) =>
        html`<div>
          <dt><code>${path}</code></dt>
          <dd>${reason}</dd>
        </div>`,
    )}
  </dl>`;
  if (notes.length <= open) return list;
  return html`<details>
    <summary>${plural(notes.length, "note")}</summary>
    ${list}
  </details>`;
}
