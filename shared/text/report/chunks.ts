import type { PdfPage } from "../pdf/pdf-pages.ts";

/** A part of a report, its pages marked. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** How a page says that a section begins. */
const sectionStart =
  /^\s*(?:table of contents\s*)?(?:part\s+[iv]+\b|item\s+\d+[a-c]?\b|letter to|to our (?:share|stock)|dear (?:share|stock|fellow)|management.s discussion|risk factors|sustainab|corporate responsibility|notes to (?:the )?consolidated)/i;

/** Of a chunk's size, from where on a section's beginning ends it early. */
const earliestBreak = 0.6;

export const pageMark = (page: number): string => `[page ${page}]`;

/**
 * Cuts the pages that have text into parts of at most so many characters: at a section's beginning where one is near, and with the
 * last page of each part again at the beginning of the next. Every page is in at least one part; a page that is longer than a part
 * stands in several, each under its mark.
 */
export function chunksOf(pages: readonly PdfPage[], mostCharacters: number): Chunk[] {
  const units = pages
    .filter(({ kind }) => kind === "text")
    .flatMap(({ page, text }) =>
      pieces(text, mostCharacters / 2).map((piece, at) => ({
        page,
        text: `${pageMark(page)}\n${piece}\n`,
        begins: at === 0 && sectionStart.test(piece),
      })),
    );
  const chunks: Chunk[] = [];
  for (let from = 0; from < units.length;) {
    let to = from;
    let length = 0;
    let section: number | undefined;
    while (
      to < units.length &&
      (to === from || length + units[to]!.text.length <= mostCharacters)
    ) {
      if (to > from && units[to]!.begins && length > earliestBreak * mostCharacters) section = to;
      length += units[to]!.text.length;
      to++;
    }
    if (to < units.length && section !== undefined) to = section;
    const own = units.slice(from, to);
    chunks.push({
      from: own[0]!.page,
      to: own.at(-1)!.page,
      text: own.map(({ text }) => text).join("\n"),
    });
    if (to >= units.length) break;
    // The overlap must leave the next part something new.
    from = to - 1 > from ? to - 1 : to;
  }
  return chunks;
}

function pieces(text: string, most: number): string[] {
  const size = Math.max(1, Math.floor(most));
  const found: string[] = [];
  for (let at = 0; at === 0 || at < text.length; at += size) found.push(text.slice(at, at + size));
  return found;
}
