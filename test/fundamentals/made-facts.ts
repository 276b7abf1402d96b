import type { IssuerFacts } from "../../shared/fundamentals/issuer-facts.ts";
import { dayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";

/** A fact of a test: `[concept, from or "", to, value, form, known at]`; filed on the day it is known. */
export type MadeFact = readonly [string, string, string, number, string, string];

const day = (text: string): number => dayNumber(parseTradingDay(text));

/** Facts as factors read them. Concepts are of us-gaap, dollars, unless they say otherwise: `dei X shares`. */
export function madeFacts(...facts: readonly MadeFact[]): IssuerFacts {
  const sorted = [...facts].sort((a, b) => (a[5] < b[5] ? -1 : a[5] > b[5] ? 1 : 0));
  const names = sorted.map(([name]) => {
    const [first = "", second, third = "USD"] = name.split(" ");
    return second === undefined
      ? { concept: `us-gaap ${first}`, unit: "USD" }
      : { concept: `${first} ${second}`, unit: third };
  });
  const concepts = [...new Set(names.map(({ concept }) => concept))];
  const units = [...new Set(names.map(({ unit }) => unit))];
  const forms = [...new Set(sorted.map(([, , , , form]) => form))];
  return {
    concepts,
    units,
    forms,
    concept: Uint16Array.from(names, ({ concept }) => concepts.indexOf(concept)),
    unit: Uint16Array.from(names, ({ unit }) => units.indexOf(unit)),
    form: Uint16Array.from(sorted, ([, , , , form]) => forms.indexOf(form)),
    start: Float64Array.from(sorted, ([, from]) => (from === "" ? NaN : day(from))),
    end: Int32Array.from(sorted, ([, , to]) => day(to)),
    value: Float64Array.from(sorted, ([, , , value]) => value),
    filed: Int32Array.from(sorted, ([, , , , , known]) => day(known.slice(0, 10))),
    known: Float64Array.from(sorted, ([, , , , , known]) => Date.parse(known) / 1000),
  };
}
