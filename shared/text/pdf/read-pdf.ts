import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import { formatCount, plural } from "../../units.ts";
import type { PdfPage, PdfState, PdfText } from "./pdf-pages.ts";
import type { ReaderMessage, ReaderSetup } from "./pdf-worker.ts";

export interface ReadPdfOptions {
  readonly password?: string | undefined;
  /** Ms after which a page, or the opening of the file, is given up. */
  readonly patienceMs?: number;
  /** Bytes that reading may take above what the process had. */
  readonly memoryBytes?: number;
  readonly threads?: number;
  /** Which engine reads; PDFium, and pdf.js what PDFium refuses, by default. */
  readonly engine?: ReaderSetup["engine"];
}

const defaults = { patienceMs: 20_000, memoryBytes: 1 << 30 };

/** Pages for which a second reader is worth its start. */
const pagesForTwo = 24;
/** Pages that may hang or crash a reader before a file is given up. */
const mostLosses = 3;

/**
 * Reads a PDF page by page, in threads that a hostile file may hang or crash: what was readable is kept, and the state says what was
 * not. Never throws for what a file holds.
 *
 * @param bytes the whole file; encrypted with an empty password is readable
 */
export async function readPdf(bytes: Uint8Array, options: ReadPdfOptions = {}): Promise<PdfText> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096));
  if (!head.includes("%PDF-")) {
    const got =
      bytes.length < 8 ? plural(bytes.length, "byte") : `"${printable(head.subarray(0, 12))}..."`;
    return nothing("no_pdf", `Expected a PDF, which begins with %PDF-, got ${got}.`);
  }
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const module = await pdfium();
  const first = await new Reading(shared, module, { engine: "pdfium", ...options }).run();
  if (first.state !== "damaged" || options.engine !== undefined) return first;
  const second = await new Reading(shared, module, { ...options, engine: "pdf.js" }).run();
  return second.pages.length > 0 || second.state === "password" ? second : first;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** PDFium, compiled once a process. */
function pdfium(): Promise<WebAssembly.Module> {
  compiled ??= readFile(createRequire(import.meta.url).resolve("@hyzyla/pdfium/pdfium.wasm")).then(
    (bytes) => WebAssembly.compile(bytes),
  );
  return compiled;
}

const printable = (head: Uint8Array): string =>
  Buffer.from(head)
    .toString("latin1")
    .replaceAll(/[^ -~]/g, "?");

const nothing = (state: PdfState, message: string): PdfText => ({
  state,
  message,
  count: null,
  pages: [],
});

/** One engine's attempt at a file. */
class Reading {
  readonly #bytes: SharedArrayBuffer;
  readonly #pdfium: WebAssembly.Module;
  readonly #options: ReadPdfOptions & Pick<ReaderSetup, "engine">;
  readonly #turns: SharedArrayBuffer;
  readonly #pages = new Map<number, PdfPage>();
  readonly #lost = new Map<number, string>();
  readonly #readers = new Map<number, { readonly worker: Worker; heardMs: number }>();
  #count: number | undefined;
  #started = 0;
  #losses = 0;
  #given: { readonly state: PdfState; readonly message: string } | undefined;

  constructor(
    bytes: SharedArrayBuffer,
    pdfium: WebAssembly.Module,
    options: ReadPdfOptions & Pick<ReaderSetup, "engine">,
  ) {
    this.#bytes = bytes;
    this.#pdfium = pdfium;
    this.#options = options;
    this.#turns = new SharedArrayBuffer(4 * 64);
    new Int32Array(this.#turns).fill(-1, 1);
  }

  async run(): Promise<PdfText> {
    const { patienceMs = defaults.patienceMs, memoryBytes = defaults.memoryBytes } = this.#options;
    const before = process.memoryUsage.rss();
    return new Promise((resolve) => {
      const end = (): void => {
        clearInterval(watch);
        resolve(this.#result());
      };
      const watch = setInterval(
        () => {
          if (process.memoryUsage.rss() - before > memoryBytes) {
            this.#giveUp(
              "too_large",
              `Reading it took more than ${formatCount(Math.round(memoryBytes / 1e6))} MB of memory.`,
            );
          }
          const now = performance.now();
          for (const [reader, one] of this.#readers) {
            if (now - one.heardMs <= patienceMs) continue;
            one.heardMs = Infinity;
            this.#loses(reader, `was not read within ${patienceMs / 1000} s`);
            void one.worker.terminate();
          }
        },
        Math.min(100, patienceMs / 4),
      );
      this.#start(end);
    });
  }

  #start(end: () => void): void {
    const reader = this.#started++;
    const setup: ReaderSetup = {
      engine: this.#options.engine,
      pdfium: this.#pdfium,
      bytes: this.#bytes,
      password: this.#options.password,
      turns: this.#turns,
      reader,
    };
    const worker = new Worker(new URL("pdf-worker.ts", import.meta.url), {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
      // What the engines print of odd files is no word of ours.
      stdout: true,
      stderr: true,
    });
    const state = { worker, heardMs: performance.now() };
    this.#readers.set(reader, state);
    worker.on("message", (message: ReaderMessage) => {
      state.heardMs = performance.now();
      this.#hear(message, end);
    });
    worker.on("error", (thrown) => {
      this.#loses(reader, messageOf(thrown));
    });
    worker.on("exit", () => {
      this.#loses(reader, "ended its reader");
      this.#readers.delete(reader);
      if (this.#given === undefined && this.#isLeft) this.#start(end);
      else if (this.#readers.size === 0) end();
    });
  }

  /** True while pages are left that nobody has begun, and somebody may still read them. */
  get #isLeft(): boolean {
    const begun = Atomics.load(new Int32Array(this.#turns), 0);
    return this.#count !== undefined && begun < this.#count && this.#readers.size === 0;
  }

  #hear(message: ReaderMessage, end: () => void): void {
    if ("count" in message) {
      if (this.#count !== undefined) return;
      this.#count = message.count;
      const { threads = Math.min(2, availableParallelism()) } = this.#options;
      for (let more = 1; more < threads && message.count >= pagesForTwo; more++) this.#start(end);
    } else if ("refused" in message) {
      const hint =
        message.refused === "password"
          ? "It is encrypted: give the right password (--password)."
          : `It can't be opened: ${message.message}.`;
      // One that was open to another reader is open.
      if (this.#count === undefined) this.#giveUp(message.refused, hint);
    } else if ("failedPage" in message) {
      this.#lost.set(message.failedPage, message.message);
    } else {
      const { page, kind, text } = message;
      this.#pages.set(page, { page: page + 1, kind, text });
    }
  }

  /** A reader that hangs or died: the page it was at is lost. */
  #loses(reader: number, why: string): void {
    const turn = new Int32Array(this.#turns);
    const at = Atomics.exchange(turn, 1 + reader, -1);
    if (at >= 0 && !this.#pages.has(at) && !this.#lost.has(at)) {
      this.#lost.set(at, why);
      if (++this.#losses > mostLosses) {
        this.#giveUp("timed_out", `More than ${mostLosses} of its pages could not be read.`);
      }
    } else if (this.#count === undefined) {
      this.#giveUp("timed_out", `Opening it ${why}.`);
    }
  }

  #giveUp(state: PdfState, message: string): void {
    if (this.#given !== undefined) return;
    this.#given = { state, message };
    for (const { worker } of this.#readers.values()) void worker.terminate();
  }

  #result(): PdfText {
    const pages = [...this.#pages.values()].sort((a, b) => a.page - b.page);
    const count = this.#count ?? null;
    if (this.#given) return { ...this.#given, count, pages };
    if (count === 0) return { state: "damaged", message: "It has no page.", count, pages };
    if (pages.length === count) return { state: "read", message: "", count, pages };
    const missing = Array.from({ length: count ?? 0 }, (_, at) => at).filter(
      (at) => !this.#pages.has(at),
    );
    const why = this.#lost.get(missing[0]!) ?? "its reader ended";
    const message = `${plural(missing.length, "page")} of ${count ?? 0} can't be read, the first is ${missing[0]! + 1}: ${why}.`;
    return { state: pages.length === 0 ? "damaged" : "partial", message, count, pages };
  }
}
