import assert from "node:assert/strict";
import { documentText } from "../../../shared/sources/edgar/document-text.ts";
import { filingItems } from "../../../shared/sources/edgar/filing-items.ts";
import { recordedBytes } from "../../support/recorded-data.ts";

const reports = [
  ["aapl-10-k-2024-11-01", "10-K", "1 1A 1B 1C 2 3 4 5 6 7 7A 8 9 9A 9B 9C 10 11 12 13 14 15 16"],
  ["nvda-10-k-2025-02-26", "10-K", "1 1A 1B 1C 2 3 4 5 6 7 7A 8 9 9A 9B 9C 10 11 12 13 14 15 16"],
  ["tsla-10-k-2025-01-30", "10-K", "1 1A 1B 1C 2 3 4 5 6 7 7A 8 9 9A 9B 9C 10 11 12 13 14 15 16"],
  ["nvda-10-q-2025-08-27", "10-Q", "I-1 I-2 I-3 I-4 II-1 II-1A II-2 II-5 II-6"],
] as const;

/** How the risks and the discussion of results begin, and the words that follow them in the report. */
const beginnings: Readonly<Record<string, readonly [risks: RegExp, discussion: RegExp]>> = {
  "aapl-10-k-2024-11-01": [
    /^The Company’s business, reputation, results of operations/,
    /^The following discussion should be read/,
  ],
  "nvda-10-k-2025-02-26": [
    /^The following risk factors should be considered/,
    /^The following discussion and analysis/,
  ],
  "tsla-10-k-2025-01-30": [
    /^You should carefully consider the risks described below/,
    /^The following discussion and analysis should be read/,
  ],
  "nvda-10-q-2025-08-27": [
    /^Other than the risk factors listed below/,
    /^Forward-Looking Statements/,
  ],
};

describe("the text of reports", () => {
  for (const [name, form, expected] of reports) {
    it(`is cut into its items: ${name}`, function () {
      const text = documentText(recordedBytes(this, `C_sec/html/${name}.html`));
      const items = filingItems(text, form);
      const names = items.map(({ item }) => item);
      assert.deepEqual(
        names.filter((item) => item !== "16"),
        expected.split(" ").filter((item) => item !== "16"),
      );
      const of = (item: string): string => items.find((one) => one.item === item)!.text;
      const [risks, discussion] = beginnings[name]!;
      assert.match(of(form === "10-K" ? "1A" : "II-1A"), risks);
      assert.match(of(form === "10-K" ? "7" : "I-2"), discussion);
      assert.ok(of(form === "10-K" ? "1A" : "II-1A").length > 30_000);
      assert.doesNotMatch(text, /<\/?(div|span|ix:)/);
      assert.doesNotMatch(text.slice(0, 2000), /us-gaap:|xbrli:/, "what is hidden is left out");
      const length = items.reduce((sum, one) => sum + one.text.length, 0);
      assert.ok(
        length > 0.85 * text.length && length <= text.length,
        `${length} of ${text.length}`,
      );
    });
  }

  it("of an old submission is its first document's", () => {
    const old = Buffer.from(
      "<SEC-DOCUMENT>x\n<DOCUMENT>\n<TYPE>10-K\n<TEXT>\nITEM 1.  BUSINESS\nWe sell caf\xe9s.\n\nItem 7.  Management's Discussion\nIt went well.\n</TEXT>\n</DOCUMENT>\n<DOCUMENT><TYPE>EX-27<TEXT>Item 1. not this</TEXT></DOCUMENT>",
      "latin1",
    );
    assert.deepEqual(filingItems(documentText(old), "10-K405"), [
      { item: "1", title: "BUSINESS", text: "We sell cafés." },
      { item: "7", title: "Management's Discussion", text: "It went well." },
    ]);
  });

  it("has no items where its form has none, and none where it names none", () => {
    assert.deepEqual(filingItems("Item 1. Business\nText", "8-K"), []);
    assert.deepEqual(filingItems("", "10-K"), []);
    assert.deepEqual(filingItems("We refer to Item 7 of this report.\nMore text", "10-K"), []);
  });

  it("stands cells of a table apart, and leaves scripts, styles and hidden parts out", () => {
    const page =
      '<html><head><title>t</title><style>p{}</style></head><body><p>One&#160;&amp; two</p><table><tr><td>a</td><td>1</td></tr></table><div style="display: none">x<p>y</p></div><script>z</script>end</body></html>';
    assert.equal(documentText(Buffer.from(page)), "One & two\n\na 1\n\nend");
  });
});
