/** Pages that are sent at once. */
const pagesAtOnce = 20;

/** Some pages of a PDF as a PDF of their own. */
export interface CutPages {
  readonly pages: readonly number[];
  readonly pdf: Uint8Array;
}

/**
 * Cuts pages out of a PDF, so many at once. Of an encrypted one nothing can be cut.
 *
 * @param pages from 1 on, ascending
 */
export async function cutPages(bytes: Uint8Array, pages: readonly number[]): Promise<CutPages[]> {
  if (pages.length === 0) return [];
  const { PDFDocument } = await import("pdf-lib");
  let whole;
  try {
    whole = await PDFDocument.load(bytes, { updateMetadata: false });
  } catch {
    // Encrypted, or too odd for this library: the pages are named, and not sent.
    return [];
  }
  const cut: CutPages[] = [];
  for (let at = 0; at < pages.length; at += pagesAtOnce) {
    const own = pages.slice(at, at + pagesAtOnce);
    const part = await PDFDocument.create({ updateMetadata: false });
    const copied = await part.copyPages(
      whole,
      own.map((page) => page - 1),
    );
    for (const page of copied) part.addPage(page);
    // The same pages must be the same bytes: no time of making, no random id.
    cut.push({ pages: own, pdf: await part.save({ useObjectStreams: false }) });
  }
  return cut;
}
