import { html, type Html, type HtmlValue } from "./html.ts";

/** A name and what it is; `false` and undefined leave no trace in a list. */
export type Fact = readonly [name: string, value: HtmlValue] | false | undefined;

/** Facts as two columns of words. */
export function factList(facts: readonly Fact[], classes = ""): Html {
  return html`<dl class="${classes}">
    ${facts.map((fact) => {
      if (fact === undefined || fact === false) return undefined;
      const [name, value] = fact;
      return html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    })}
  </dl>`;
}
