import type { PdfPage } from "../pdf/pdf-pages.ts";

/** Signs that a page and a model write in several ways. */
const same: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, "-"],
  [/[\ufb00]/g, "ff"],
  [/[\ufb01]/g, "fi"],
  [/[\ufb02]/g, "fl"],
  // A word that is cut at the end of a line.
  [/(\p{Ll})-\s*\n\s*(\p{Ll})/gu, "$1$2"],
  [/\s+/g, ""],
];

function comparableText(text: string): string {
  return same
    .reduce((changed, [pattern, by]) => changed.replaceAll(pattern, by), text.normalize("NFKC"))
    .toLowerCase();
}

/** Shorter quotes prove nothing. */
const fewestSigns = 8;

/** Finds quotes on pages. */
export class QuoteFinder {
  readonly #pages: ReadonlyMap<number, string>;

  constructor(pages: readonly PdfPage[]) {
    this.#pages = new Map(pages.map(({ page, text }) => [page, comparableText(text)]));
  }

  /**
   * True when the very words stand on the page: without regard to space, line ends, hyphens at them, case, and the shape of quotation
   * marks and dashes. An ellipsis stands for what was left out, and what is before and after it must stand there in this order.
   */
  isOn(page: number, quote: string): boolean {
    const text = this.#pages.get(page);
    if (text === undefined) return false;
    const parts = quote
      .split(/\s*(?:\.{3,}|\u2026|\[\.\.\.\])\s*/)
      .map(comparableText)
      .filter((part) => part !== "");
    if (parts.join("").length < fewestSigns) return false;
    let from = 0;
    for (const part of parts) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return true;
  }
}
