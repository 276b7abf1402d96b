import { PDFDocument, StandardFonts } from "pdf-lib";

/** A PDF of so many pages, each with its words; a picture in place of null, nothing in place of "". */
export async function pdfOf(pages: readonly (string | null)[]): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  // A PNG of one pixel.
  const dot = await document.embedPng(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  );
  for (const text of pages) {
    const page = document.addPage([400, 600]);
    if (text === null) page.drawImage(dot, { width: 400, height: 600 });
    else if (text !== "") page.drawText(text, { x: 20, y: 560, size: 10, font, lineHeight: 14 });
  }
  return document.save();
}
