import assert from "node:assert/strict";
import { readPdf } from "../../../shared/text/pdf/read-pdf.ts";
import { pdfOf } from "../../../shared/simulator/pdf.ts";
import { recordedBytes } from "../../support/recorded-data.ts";

describe("a PDF", () => {
  it("is read page by page: text, pictures of text, nothing", async () => {
    const words = "Revenue grew by 12 % to 1,234 million.\nCosts did not.";
    const { state, count, pages } = await readPdf(await pdfOf([words, null, ""]));
    assert.deepEqual([state, count], ["read", 3]);
    assert.deepEqual(
      pages.map(({ page, kind, text }) => [page, kind, text]),
      [
        [1, "text", words],
        [2, "scan", ""],
        [3, "blank", ""],
      ],
    );
  });

  it("of many pages is read by two threads, each page once and in order", async () => {
    const words = Array.from({ length: 60 }, (_, at) => `This is the text of page ${at + 1}.`);
    const { state, pages } = await readPdf(await pdfOf(words), { threads: 2 });
    assert.equal(state, "read");
    assert.deepEqual(
      pages.map(({ text }) => text),
      words,
    );
  });

  it("that is none is said to be none: nothing, three bytes, a web page", async () => {
    const states = await Promise.all(
      ["", "abc", "<html>not a PDF</html>"].map((text) => readPdf(Buffer.from(text))),
    );
    assert.deepEqual(
      states.map(({ state, message }) => `${state}: ${message}`),
      [
        "no_pdf: Expected a PDF, which begins with %PDF-, got 0 bytes.",
        "no_pdf: Expected a PDF, which begins with %PDF-, got 3 bytes.",
        'no_pdf: Expected a PDF, which begins with %PDF-, got "<html>not a ...".',
      ],
    );
  });

  it("that is cut in the middle is damaged, or what is left of it is read, by either engine", async () => {
    const whole = await pdfOf(["One page.", "Another page."]);
    const cut = await readPdf(whole.subarray(0, whole.length / 2));
    assert.ok(["damaged", "partial"].includes(cut.state), cut.state);
    assert.match(cut.message, /\.$/);
  });

  it("that takes too long, or too much memory, is given up", async () => {
    const bytes = await pdfOf(Array.from({ length: 30 }, (_, at) => `Page ${at}`));
    const slow = await readPdf(bytes, { patienceMs: 1 });
    assert.equal(slow.state, "timed_out");
    const large = await readPdf(bytes, { memoryBytes: -1e12 });
    assert.equal(large.state, "too_large");
  });

  it("is read by pdf.js as well, with the same words", async () => {
    const bytes = await pdfOf(["Net income was 45.6 million dollars in 2023.", ""]);
    const { state, pages } = await readPdf(bytes, { engine: "pdf.js" });
    assert.equal(state, "read");
    assert.equal(pages[0]!.text.trim(), "Net income was 45.6 million dollars in 2023.");
  });
});

describe("recorded PDFs", () => {
  const states = async (
    context: Mocha.Context,
    files: readonly string[],
    password?: string,
  ): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for (const file of files) {
      const bytes = recordedBytes(context, `D_pdf/${file}`);
      const { state, pages } = await readPdf(bytes, { password, patienceMs: 10_000 });
      found[file.split("/")[1]!] = `${state} ${pages.length}`;
    }
    return found;
  };

  it("that are encrypted: readable with an empty password, else with the right one alone", async function () {
    this.timeout(120_000);
    assert.deepEqual(
      await states(this, [
        "encrypted/r2-empty-password.pdf",
        "encrypted/r4-owner-password.pdf",
        "encrypted/r4-aes-v2-no-key-length.pdf",
        "encrypted/encrypted_doc_no_id.pdf",
        "encrypted/r3-user-password.pdf",
        "encrypted/r4-aes-user-password.pdf",
      ]),
      {
        "r2-empty-password.pdf": "read 1",
        "r4-owner-password.pdf": "read 1",
        "r4-aes-v2-no-key-length.pdf": "read 1",
        "encrypted_doc_no_id.pdf": "read 3",
        "r3-user-password.pdf": "password 0",
        "r4-aes-user-password.pdf": "password 0",
      },
    );
    const right = await states(
      this,
      ["encrypted/r3-user-password.pdf", "encrypted/r4-aes-user-password.pdf"],
      "asdfzxcv",
    );
    assert.deepEqual(Object.values(right), ["read 1", "read 1"]);
    const wrong = await states(this, ["encrypted/encrypted-file.pdf"], "qwerty");
    assert.deepEqual(Object.values(wrong), ["password 0"]);
    const test = await states(this, ["encrypted/encrypted-file.pdf"], "test");
    assert.match(test["encrypted-file.pdf"]!, /^read /);
  });

  it("that are malformed end in a state, with what was readable", async function () {
    this.timeout(120_000);
    assert.deepEqual(
      await states(this, [
        "malformed/Pages-tree-refs.pdf",
        "malformed/bug1020226.pdf",
        "malformed/empty_protected.pdf",
        "malformed/helloworld-bad.pdf",
        "malformed/pdfjsbad1586.pdf",
        "malformed/scan-bad.pdf",
      ]),
      {
        "Pages-tree-refs.pdf": "partial 1",
        "bug1020226.pdf": "damaged 0",
        "empty_protected.pdf": "read 1",
        "helloworld-bad.pdf": "read 1",
        "pdfjsbad1586.pdf": "read 1",
        "scan-bad.pdf": "read 1",
      },
    );
  });
});
