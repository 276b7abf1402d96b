/** What is known of a text, and is to be hidden in it. */
export interface Known {
  readonly tickers: readonly string[];
  /** Names of companies as the press writes them. */
  readonly names: readonly string[];
}

const months =
  "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec";
const dates = [
  new RegExp(
    String.raw`\b(?:${months})\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+(?:19|20)\d\d)?\b`,
    "g",
  ),
  new RegExp(
    String.raw`\b\d{1,2}(?:st|nd|rd|th)?\s+(?:${months})\.?(?:,?\s+(?:19|20)\d\d)?\b`,
    "g",
  ),
  new RegExp(String.raw`\b(?:${months})\.?\s+(?:19|20)\d\d\b`, "g"),
  /\b(?:19|20)\d\d-\d\d-\d\d\b/g,
  /\b\d{1,2}\/\d{1,2}\/(?:19|20)?\d\d\b/g,
  /\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b/g,
  /\b(?:Q[1-4]|FY)\s?(?:19|20)?\d\d\b/g,
  /\b(?:19|20)\d\d\b/g,
];

/** Capitalised words in a row that are no beginning of a sentence: people, for the most part. */
const people =
  /(?<=[a-z,;]\s)(?:(?:Mr|Ms|Mrs|Dr)\.\s)?[A-Z][a-z'’-]+(?:\s[A-Z]\.)?\s[A-Z][a-z'’-]+(?:\s[A-Z][a-z'’-]+)?\b/g;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A text without the names of companies, tickers, people and dates: what is left can be remembered by nobody. */
export function masked(text: string, { tickers, names }: Known): string {
  let hidden = text;
  for (const name of [...names].sort((a, b) => b.length - a.length)) {
    if (name.length < 3) continue;
    hidden = hidden.replaceAll(
      new RegExp(
        String.raw`(?<![\p{L}\p{N}])${escaped(name)}(?:[\s,]+(?:Inc|Corp|Co|Ltd|plc|Company|Corporation|Incorporated)\b\.?)?(?![\p{L}\p{N}])`,
        "giu",
      ),
      "the company",
    );
  }
  hidden = hidden.replaceAll(
    /\(?\b(?:NASDAQ|NYSE|NYSE American|AMEX)\s*:\s*[A-Z]{1,5}(?:[.-][A-Z])?\)?|\$[A-Z]{1,5}\b/g,
    "(TICKER)",
  );
  for (const ticker of tickers) {
    if (ticker.length < 2) continue;
    hidden = hidden.replaceAll(
      new RegExp(String.raw`(?<![\w.])${escaped(ticker)}(?![\w.])`, "g"),
      "TICKER",
    );
  }
  for (const date of dates) hidden = hidden.replaceAll(date, "[date]");
  return hidden.replaceAll(people, "[person]");
}
