import { html, type Html } from "../html.ts";
import type { Verdict } from "../verdict.ts";

/** The verdict in a few words, coloured. */
export function chip({ standing, label }: Verdict): Html {
  return html`<span class="chip ${standing}">${label}</span>`;
}

/** The verdict at the top of the page. */
export function verdictBox(verdict: Verdict): Html {
  return html`<section class="verdict ${verdict.standing}" aria-labelledby="verdict-title">
    <h2 id="verdict-title">Verdict ${chip(verdict)}</h2>
    <p>${verdict.sentence}</p>
  </section>`;
}
