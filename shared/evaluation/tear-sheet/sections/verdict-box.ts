import { html, type Html } from "../html.ts";
import type { Standing, Verdict } from "../verdict.ts";

const words: Readonly<Record<Standing, string>> = {
  passes: "Passes",
  "passes-wrong-sign": "Passes, wrong sign",
  fails: "Does not pass",
  undefined: "Undefined",
};

/** The verdict in two words, coloured. */
export function chip(standing: Standing): Html {
  return html`<span class="chip ${standing}">${words[standing]}</span>`;
}

/** The verdict at the top of the page. */
export function verdictBox({ standing, sentence }: Verdict): Html {
  return html`<section class="verdict ${standing}" aria-labelledby="verdict-title">
<h2 id="verdict-title">Verdict ${chip(standing)}</h2>
<p>${sentence}</p>
</section>`;
}
