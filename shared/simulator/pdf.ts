/** A grey pixel, as PNG. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/**
 * A PDF of such pages, A4: their text, a picture in place of null, nothing in place of an empty one. The same pages are the same bytes.
 */
export async function pdfOf(pages: readonly (string | null)[]): Promise<Uint8Array> {
  const { PDFDocument, StandardFonts } = await import("pdf-lib");
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont(StandardFonts.Helvetica);
  const picture = await document.embedPng(pixel);
  for (const text of pages) {
    const page = document.addPage([595, 842]);
    if (text === null) page.drawImage(picture, { x: 40, y: 40, width: 515, height: 762 });
    else if (text !== "") page.drawText(text, { x: 50, y: 760, size: 11, lineHeight: 16, font });
  }
  return document.save({ useObjectStreams: false });
}
