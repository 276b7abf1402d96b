/** What there is on a page: text, a picture of text (nothing to read), or nothing. */
export type PageKind = "text" | "scan" | "blank";

/** A page as it can be read. */
export interface PdfPage {
  /** From 1 on. */
  readonly page: number;
  readonly kind: PageKind;
  /** Lines end in \n; empty where the page has none. */
  readonly text: string;
}

/**
 * What became of a file: `read` is whole; `password` needs another one; `damaged` and `no_pdf` can't be opened; `partial` has pages
 * that can't be read; `timed_out` and `too_large` were given up.
 */
export type PdfState =
  "read" | "partial" | "password" | "damaged" | "no_pdf" | "timed_out" | "too_large";

/** A PDF as text by page, as far as it could be read. */
export interface PdfText {
  readonly state: PdfState;
  /** One sentence where it is not `read`, else empty. */
  readonly message: string;
  /** Pages that the file has; null where it could not be opened. */
  readonly count: number | null;
  /** Ascending; those that could be read. */
  readonly pages: readonly PdfPage[];
}
