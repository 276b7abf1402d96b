import type { ProxyAnswer } from "../answers.ts";

const name = String.raw`([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3})`;
/** `Jane Q. Doe, age 63`, `Jane Doe, 63,` */
const aged = new RegExp(String.raw`${name}\s*,?\s*\(?(?:age[d:]?\s*)(\d{2})\b`, "g");
/** `Jane Doe ... Total 12,345,678` as rows of a summary compensation table have it: the last amount of the row. */
const paid = new RegExp(
  String.raw`^${name}\b[^\n]*?\b(20\d\d)\b((?:[\s|$]+(?:\d{1,3}(?:,\d{3})+|\d+|—|–|-))+)\s*$`,
  "gm",
);

/** Directors' ages and executives' pay, as far as they stand there in the usual words and rows. */
export function proxyOf(text: string): ProxyAnswer {
  const directors = new Map<string, number>();
  for (const [, who, age] of text.matchAll(aged)) {
    const years = Number(age);
    if (years >= 25 && years <= 99) directors.set(who!, years);
  }
  const executives = new Map<string, { year: number; pay: number }>();
  for (const [, who, year, amounts] of text.matchAll(paid)) {
    const numbers = amounts!.match(/\d{1,3}(?:,\d{3})+/g) ?? [];
    const pay = Number((numbers.at(-1) ?? "").replaceAll(",", ""));
    const before = executives.get(who!);
    if (numbers.length < 2 || (before && before.year >= Number(year))) continue;
    executives.set(who!, { year: Number(year), pay });
  }
  return {
    directors: [...directors].map(([who, age]) => ({ name: who, age })),
    executives: [...executives].map(([who, { pay }]) => ({ name: who, total_pay: pay })),
  };
}
