/** A sentence and the page that it stands on. */
export interface PagedSentence {
  readonly page: number;
  readonly text: string;
}

/** Sentences of a text whose pages are marked as [page N]; headings, tables and scraps are left out. */
export function pagedSentences(text: string): PagedSentence[] {
  const parts = text.split(/^\[page (\d+)\]$/m);
  const found: PagedSentence[] = [];
  for (let at = 1; at + 1 < parts.length; at += 2) {
    const page = Number(parts[at]);
    const paragraphs = parts[at + 1]!.split(/\n\s*\n/);
    for (const paragraph of paragraphs) {
      const flat = paragraph.replaceAll(/\s+/g, " ").trim();
      for (const sentence of flat.split(/(?<=[.!?])\s+(?=[A-Z"“(])/)) {
        const words = sentence.split(" ").length;
        if (words >= 6 && words <= 80 && /[a-z]/.test(sentence)) {
          found.push({ page, text: sentence });
        }
      }
    }
  }
  return found;
}
