/** A numbered part of a report. */
export interface FilingItem {
  /** `1A`, `7`; of a quarterly report with its part, `I-2`, `II-1A`, as both parts count from 1. */
  readonly item: string;
  /** The heading's words, as far as they stand on its line. */
  readonly title: string;
  readonly text: string;
}

/** A line that begins an item: its number, and perhaps its name. */
const heading =
  /^[ \t]*(?:part\s+(?<inline>i{1,3}|iv)\b[\s,.:–—-]*)?items?\s+(?<number>\d{1,2}\s?[abc]?)\b\s*(?:[.:–—-]|\s|$)\s*(?<title>[^\n]{0,200})$/i;
const part = /^[ \t]*part\s+(i{1,3}|iv)\b/i;

/** Items of an annual report, as Form 10-K numbers them, and of a quarterly one. */
const annual = new Set("1 1A 1B 1C 2 3 4 5 6 7 7A 8 9 9A 9B 9C 10 11 12 13 14 15 16".split(" "));
const quarterly = new Set("I-1 I-2 I-3 I-4 II-1 II-1A II-2 II-3 II-4 II-5 II-6".split(" "));

interface Mark {
  readonly item: string;
  readonly title: string;
  readonly line: number;
}

/**
 * Cuts a report into its items. A table of contents names them too, and a page's head may: of an item that is named more often, the
 * longest stretch up to the next name is the item.
 *
 * @param text of the whole document, by `documentText`
 * @param form `10-K`, `10-Q`, and their amendments; other forms have no items of this kind
 */
export function filingItems(text: string, form: string): FilingItem[] {
  const known = form.startsWith("10-K") ? annual : form.startsWith("10-Q") ? quarterly : undefined;
  if (known === undefined) return [];
  const lines = text.split("\n");
  const marks: Mark[] = [];
  let inPart = "I";
  for (const [line, words] of lines.entries()) {
    const match = heading.exec(words);
    const named = (match?.groups?.["inline"] ?? part.exec(words)?.[1])?.toUpperCase();
    if (named !== undefined) inPart = named;
    if (match === null) continue;
    const number = match.groups!["number"]!.replaceAll(/\s/g, "").toUpperCase();
    const item = known === annual ? number : `${inPart}-${number}`;
    if (known.has(item)) marks.push({ item, title: match.groups!["title"]!.trim(), line });
  }
  const body = afterContents(marks);
  const longest = new Map<string, FilingItem & { readonly line: number }>();
  for (const [at, { item, title, line }] of body.entries()) {
    const words = lines
      .slice(line + 1, body[at + 1]?.line)
      .join("\n")
      .trim();
    const before = longest.get(item);
    if (before === undefined || words.length > before.text.length) {
      longest.set(item, { item, title, text: words, line });
    }
  }
  return [...longest.values()]
    .sort((a, b) => a.line - b.line)
    .filter(({ text: words }) => words !== "")
    .map(({ item, title, text: words }) => ({ item, title, text: words }));
}

/** Lines between two entries of a table of contents, at most. */
const entryLines = 8;
/** Entries from which on headings that stand close together are a table of contents. */
const fewestEntries = 8;

/** Headings behind the table of contents: those in it stand close together, and are named again later. */
function afterContents(marks: readonly Mark[]): readonly Mark[] {
  let entries = 1;
  while (entries < marks.length && marks[entries]!.line - marks[entries - 1]!.line <= entryLines) {
    entries++;
  }
  if (entries < fewestEntries) return marks;
  const later = new Set(marks.slice(entries).map(({ item }) => item));
  return marks.filter(({ item }, at) => at >= entries || !later.has(item));
}
