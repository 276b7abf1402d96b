import assert from "node:assert/strict";
import { PDFDocument } from "pdf-lib";
import { readPdf } from "../../../shared/text/pdf/read-pdf.ts";
import type { PdfPage } from "../../../shared/text/pdf/pdf-pages.ts";
import { chunksOf } from "../../../shared/text/report/chunks.ts";
import { cutPages } from "../../../shared/text/report/cut-pages.ts";
import { QuoteFinder } from "../../../shared/text/report/quotes.ts";
import { pdfOf } from "../../../shared/simulator/pdf.ts";

const pageOf = (page: number, text: string): PdfPage => ({
  page,
  kind: text === "" ? "blank" : "text",
  text,
});

describe("parts of a report", () => {
  const pages = Array.from({ length: 500 }, (_, at) =>
    pageOf(at + 1, at % 50 === 49 ? "" : `Page ${at + 1}. ${"word ".repeat(100 + (at % 7) * 40)}`),
  );

  it("hold every page with text, in order, the last one of each again in the next", () => {
    const chunks = chunksOf(pages, 10_000);
    const marked = chunks.map(({ text }) =>
      [...text.matchAll(/^\[page (\d+)\]$/gm)].map(([, page]) => Number(page)),
    );
    assert.deepEqual(
      [...new Set(marked.flat())],
      pages.filter(({ kind }) => kind === "text").map(({ page }) => page),
    );
    for (const [at, own] of marked.entries()) {
      assert.ok(chunks[at]!.text.length <= 10_500);
      assert.deepEqual([own[0], own.at(-1)], [chunks[at]!.from, chunks[at]!.to]);
      if (at > 0) assert.equal(own[0], marked[at - 1]!.at(-1));
    }
    for (const { page, text } of pages) {
      assert.ok(text === "" || chunks.some((chunk) => chunk.text.includes(text)), String(page));
    }
  });

  it("end where a section begins, if that is near", () => {
    const words = "word ".repeat(200);
    const some = Array.from({ length: 10 }, (_, at) =>
      pageOf(at + 1, at === 7 ? `Item 1A. Risk Factors ${words}` : words),
    );
    const [first] = chunksOf(some, 10_000);
    assert.deepEqual([first!.from, first!.to], [1, 7]);
  });

  it("hold a page that is longer than a part, piece by piece", () => {
    const text = Array.from({ length: 3000 }, (_, at) => `w${at}`).join(" ");
    const chunks = chunksOf([pageOf(1, "a first page"), pageOf(2, text)], 2000);
    const found = chunks.flatMap((chunk) => chunk.text.match(/w\d+/g) ?? []);
    // A word that is cut in two may stand in neither piece.
    assert.ok(new Set(found).size >= 2950);
    assert.ok(chunks.every((chunk) => chunk.text.length <= 2100));
    assert.deepEqual(chunksOf([], 100), []);
  });
});

describe("a quote", () => {
  const finder = new QuoteFinder([
    pageOf(
      3,
      "Net sales were $1,234 million, an in-\ncrease of 12 %.\n\u201cWe did well\u201d \u2013 the chief said.",
    ),
    pageOf(4, "Costs rose."),
  ]);

  it("is found whatever its spaces, line ends, hyphens, quotation marks and case", () => {
    assert.ok(finder.isOn(3, "net sales were $1,234 million, an increase of 12%"));
    assert.ok(finder.isOn(3, '"We did well" - the chief said'));
    assert.ok(finder.isOn(3, "Net sales were ... increase of 12 %."));
  });

  it("is not found on another page, with another number, in another order, or where it is a scrap", () => {
    assert.ok(!finder.isOn(4, "Net sales were $1,234 million"));
    assert.ok(!finder.isOn(3, "Net sales were $1,235 million"));
    assert.ok(!finder.isOn(3, "increase of 12 % ... Net sales were"));
    assert.ok(!finder.isOn(3, "sales"));
    assert.ok(!finder.isOn(3, ""));
    assert.ok(!finder.isOn(9, "Net sales were $1,234 million"));
  });
});

describe("pages that are cut out", () => {
  it("are those pages and no others, the same bytes each time", async () => {
    const pdf = await pdfOf(["First page of text.", null, "Third page of text.", null]);
    const cut = await cutPages(pdf, [2, 4]);
    assert.deepEqual(
      cut.map(({ pages }) => pages),
      [[2, 4]],
    );
    const { pages } = await readPdf(cut[0]!.pdf);
    assert.deepEqual(
      pages.map(({ kind }) => kind),
      ["scan", "scan"],
    );
    assert.deepEqual((await cutPages(pdf, [2, 4]))[0]!.pdf, cut[0]!.pdf);
    assert.equal((await PDFDocument.load(cut[0]!.pdf)).getPageCount(), 2);
    assert.deepEqual(await cutPages(pdf, []), []);
  });
});
