/** Why an article is about a company, the strongest reason first. */
export type LinkReason =
  "ticker in title" | "ticker in text" | "name in title" | "name in text" | "as imported";

/** Endings that a company's name in the press does not have. */
const legal =
  /[\s,]+(incorporated|inc|corporation|corp|company|co|limited|ltd|plc|llc|lp|holdings?|group|sa|ag|nv|se|the|class [a-c]|common stock|trust)\.?$/i;

/** A company's name as the press writes it: Apple Inc. is Apple. */
export function pressName(name: string): string {
  let short = name
    .replace(/\/[a-z]{2,3}\/?$/i, "")
    .replace(/^the\s+/i, "")
    .trim();
  for (let before = ""; before !== short;) {
    before = short;
    short = short.replace(legal, "").replace(/[\s,.]+$/, "");
  }
  return short;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Tickers that a text names as such: (NASDAQ: AAPL), $AAPL. */
export function tickersNamed(text: string): string[] {
  const found = text.matchAll(
    /(?:\b(?:NASDAQ|NYSE|NYSE American|AMEX|NYSEAMERICAN|NasdaqGS|CBOE)\s*:\s*|\$)([A-Z]{1,5}(?:[.-][A-Z])?)\b/g,
  );
  return [...new Set([...found].map(([, ticker]) => ticker!.replace("-", ".")))];
}

/**
 * Why an article is about a company; undefined where neither its ticker nor its name stands there.
 *
 * A ticker of one or two letters, or one that is a word, counts only where it is named as one.
 */
export function mentionOf(
  { title, text }: { readonly title: string; readonly text: string },
  { ticker, name }: { readonly ticker: string; readonly name: string | undefined },
): LinkReason | undefined {
  const plain = ticker.replace("-", ".");
  const isNamed = (where: string): boolean => tickersNamed(where).includes(plain);
  const bare = new RegExp(String.raw`(?<![\w.$])${escaped(plain)}(?![\w.])`);
  const stands = (where: string): boolean => plain.length >= 3 && bare.test(where);
  if (isNamed(title) || stands(title)) return "ticker in title";
  if (isNamed(text)) return "ticker in text";
  const short = name === undefined ? "" : pressName(name);
  if (short.length >= 3) {
    // The name as the press writes it, in capitals or not, and never as part of a word.
    const word = new RegExp(String.raw`(?<![\p{L}\p{N}])${escaped(short)}(?![\p{L}\p{N}])`, "iu");
    const isCommon = /^[a-z]+$/i.test(short) && short.length < 5;
    const named = (where: string): boolean =>
      word.test(where) &&
      (!isCommon || where.includes(short) || where.includes(short.toUpperCase()));
    if (named(title)) return "name in title";
    if (named(text)) return "name in text";
  }
  return stands(text) ? "ticker in text" : undefined;
}
