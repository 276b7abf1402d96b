import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import type { PageKind } from "./pdf-pages.ts";

/** What a reader is started with. */
export interface ReaderSetup {
  readonly engine: "pdfium" | "pdf.js";
  /** PDFium, compiled; what a thread has made fast is fast for the next. */
  readonly pdfium: WebAssembly.Module;
  /** The file; shared between readers. */
  readonly bytes: SharedArrayBuffer;
  readonly password: string | undefined;
  /** The next page that nobody reads, from 0; and then the page that each reader is at, -1 for none. */
  readonly turns: SharedArrayBuffer;
  readonly reader: number;
}

/** What a reader tells: how many pages there are, a page, or why it can't go on. */
export type ReaderMessage =
  | { readonly count: number }
  | { readonly page: number; readonly kind: PageKind; readonly text: string }
  | { readonly failedPage: number; readonly message: string }
  | { readonly refused: "password" | "damaged"; readonly message: string };

/** A file that is open. */
interface OpenPdf {
  readonly count: number;
  /** @param at from 0 */
  read(at: number): Promise<{ text: string; pictured: boolean }>;
}

const { engine, pdfium, bytes, password, turns, reader } = workerData as ReaderSetup;
const say = (message: ReaderMessage): void => {
  parentPort!.postMessage(message);
};
const turn = new Int32Array(turns);

/** Fewer letters and digits than that on a page with a picture are a stamp on a scan, no text. */
const fewestSigns = 24;

async function openPdfium(): Promise<OpenPdf> {
  const { PDFiumLibrary } = await import("@hyzyla/pdfium");
  const library = await PDFiumLibrary.init({
    instantiateWasm(imports, ready) {
      const instance = new WebAssembly.Instance(pdfium, imports);
      // The library's type says module; what is taken is the instance.
      ready(instance as unknown as WebAssembly.Module);
      return instance.exports;
    },
  });
  const document = await library.loadDocument(new Uint8Array(bytes), password);
  return {
    count: document.getPageCount(),
    read(at) {
      const page = document.getPage(at);
      const text = page.getText();
      return Promise.resolve({ text, pictured: isSparse(text) && hasPicture(page.objects()) });
    },
  };
}

/** Outlines that stand for letters come by the hundred; a frame or a line is a few. */
const fewestOutlines = 100;

function hasPicture(objects: Iterable<{ readonly type: string }>): boolean {
  let outlines = 0;
  for (const { type } of objects) {
    if (type === "image" || type === "form") return true;
    if (type === "path" && ++outlines >= fewestOutlines) return true;
  }
  return false;
}

/** The second reader, for what the first one refuses. */
async function openPdfJs(): Promise<OpenPdf> {
  const { PDFParse, VerbosityLevel } = await import("pdf-parse");
  const parser = new PDFParse({
    data: new Uint8Array(bytes).slice(),
    ...(password !== undefined && { password }),
    verbosity: VerbosityLevel.ERRORS,
  });
  const { total } = await parser.getInfo();
  return {
    count: total,
    async read(at) {
      const { pages } = await parser.getText({ partial: [at + 1], pageJoiner: "" });
      const text = pages[0]?.text ?? "";
      // What is drawn on a page is not asked: a page without text may be a scan.
      return { text, pictured: isSparse(text) };
    },
  };
}

const isSparse = (text: string): boolean =>
  (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < fewestSigns;

/** Line ends as \n, hyphens at line ends as such, no marks of the engine. */
function cleaned(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll("\u0002", "-")
    .replaceAll(/[\0\u0001\u0003-\u0008\ufffe\uffff]/g, "")
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");
}

try {
  const pdf = await (engine === "pdfium" ? openPdfium() : openPdfJs());
  say({ count: pdf.count });
  for (let at = Atomics.add(turn, 0, 1); at < pdf.count; at = Atomics.add(turn, 0, 1)) {
    Atomics.store(turn, 1 + reader, at);
    try {
      const { text, pictured } = await pdf.read(at);
      const clean = cleaned(text);
      const kind = pictured ? "scan" : clean.trim() === "" ? "blank" : "text";
      say({ page: at, kind, text: kind === "text" ? clean : clean.trim() });
    } catch (thrown) {
      say({ failedPage: at, message: messageOf(thrown) });
    }
  }
  Atomics.store(turn, 1 + reader, -1);
} catch (thrown) {
  const message = messageOf(thrown);
  say({ refused: /password/i.test(message) ? "password" : "damaged", message });
}
// Libraries leave timers and memory behind.
process.exit(0);
