import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { InvalidInput } from "../../../shared/errors.ts";
import { importPrices } from "../../support/import-prices.ts";
import { tableCounts } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const header = "date,ticker,open,high,low,close,volume";
const good = "2024-01-02,A,10,11,9,10.5,100\n";
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, "utf16le");

describe("a file that is no table of prices", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();
  let counts: Record<string, number>;

  before(async () => {
    counts = await tableCounts(warehouse());
  });

  /** Each case: what is in the file, and the message after its name; the file is named where it lies. */
  const cases: [string, string | Buffer, RegExp][] = [
    ["empty.csv", "", /^: the file is empty; expected a header and rows\.$/],
    ["header.csv", `${header}\n`, /^: expected rows below the header, got none\.$/],
    ["no-newline.csv", header, /^: expected rows below the header, got none\.$/],
    ["blank.csv", `${header}\n\n\n`, /^: expected rows below the header, got none\.$/],
    [
      "no-close.csv",
      `date,ticker,open\n2024-01-02,A,1\n`,
      /^:1: expected a column close; the header is "date,ticker,open"\.$/,
    ],
    [
      "no-day.csv",
      `ticker,close\nA,1\n`,
      /^:1: expected a column date; the header is "ticker,close"\.$/,
    ],
    [
      "no-ticker.csv",
      `date,close\n2024-01-02,1\n`,
      /^:1: expected a column ticker or symbol or asset; the header is "date,close"\.$/,
    ],
    [
      "unknown.csv",
      "foo,bar\n1,2\n",
      /^:1: expected a header "date,ticker,close" \(long\) or "date,AAPL,MSFT,\.\.\." \(wide\), got "foo,bar"\.$/,
    ],
    [
      "twice.csv",
      `${header},close\n`,
      /^:1: column "close" stands twice in the header; rename one\.$/,
    ],
    [
      "utf16.csv",
      utf16(`${header}\n${good}`),
      /^:1: expected UTF-8, got UTF-16; save the file as UTF-8\.$/,
    ],
    [
      "latin1.csv",
      Buffer.from(`date,ticker,close,pr\xe4mie\n`, "latin1"),
      /^:1: expected UTF-8, got another encoding; save the file as UTF-8\.$/,
    ],
    ["binary.csv", Buffer.from([1, 2, 0, 4, 10]), /^:1: expected CSV text, got binary data\.$/],
    [
      "half.csv.gz",
      gzipSync(`${header}\n${longText()}`).subarray(0, 20_000),
      /^: the gzip breaks off or is damaged; get the whole file again\.$/,
    ],
    [
      "half-unnamed",
      gzipSync(`${header}\n${longText()}`).subarray(0, 20_000),
      /^: the gzip breaks off or is damaged; get the whole file again\.$/,
    ],
    [
      "half.parquet",
      Buffer.concat([Buffer.from("PAR1"), Buffer.alloc(100)]),
      /^: expected a Parquet file: /,
    ],
    [
      "quote.csv",
      `${header}\n${good}2024-01-03,"A,10,11,9,10.5,100\n${good}${good}`,
      /^:3: expected every quote to close on its line; this one takes the lines below with it\.$/,
    ],
    [
      "quotes.csv",
      `${header}\n${good}2024-01-03,A,10,11,9,10.5,"100\n${good}2024-01-04,A,10,11,9,10.5,"100\n`,
      /^:3: expected rows of the header's columns: Cannot parse input: expected ',' before: '100[^\n]*\.$/,
    ],
  ];

  for (const [name, bytes, message] of cases) {
    it(`is refused by name, line and what was expected: ${name}`, async () => {
      const file = join(folder(), name);
      writeFileSync(file, bytes);
      await assert.rejects(
        importPrices(warehouse(), { files: [file], source: "refused", lossBudget: 1 }),
        (thrown: Error) => {
          assert.ok(thrown instanceof InvalidInput, String(thrown));
          assert.ok(thrown.message.startsWith(file), thrown.message);
          assert.match(thrown.message.slice(file.length), message);
          return true;
        },
      );
    });
  }

  it("is refused where there is none, and where it is a folder", async () => {
    const nowhere = join(folder(), "nowhere.csv");
    await assert.rejects(
      importPrices(warehouse(), { files: [nowhere], source: "refused" }),
      new InvalidInput(`${nowhere}: no such file, or it can't be read.`),
    );
    mkdirSync(join(folder(), "folder"));
    await assert.rejects(
      importPrices(warehouse(), { files: [join(folder(), "folder")], source: "refused" }),
      InvalidInput,
    );
  });

  it("takes the good files of the same import down with it", async () => {
    const [one, other] = [join(folder(), "one.csv"), join(folder(), "other.csv")];
    writeFileSync(one, `${header}\n${good}`);
    writeFileSync(other, "foo,bar\n1,2\n");
    await assert.rejects(importPrices(warehouse(), { files: [one, other], source: "refused" }));
  });

  it("leaves nothing in any table, the name of its source included, and no table of its own", async () => {
    assert.deepEqual(await tableCounts(warehouse()), counts);
  });
});

/** Rows that do not pack well. */
function longText(): string {
  return Array.from(
    { length: 20_000 },
    (_, at) =>
      `2024-01-02,T${at},10,11,9,${10 + ((at * 7919) % 10_007) / 1e4},${(at * 104_729) % 1_000_003}\n`,
  ).join("");
}
