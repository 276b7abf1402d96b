import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { InvalidInput } from "../../../shared/errors.ts";
import { readCsvHead, type CsvHead } from "../../../shared/sources/files/csv-head.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

describe("readCsvHead", () => {
  const folder = useTempFolder();
  let files = 0;
  const write = (bytes: string | Buffer): string => {
    const path = join(folder(), `file-${++files}.csv`);
    writeFileSync(path, bytes);
    return path;
  };
  const head = (bytes: string | Buffer, gzipped = false): Promise<CsvHead> =>
    readCsvHead(write(bytes), gzipped);
  const refuses = async (bytes: string | Buffer, message: RegExp, gzipped = false) => {
    await assert.rejects(head(bytes, gzipped), { constructor: InvalidInput, message });
  };

  it("gives the cells of the first two lines", async () => {
    assert.deepEqual(await head("date,ticker,close\n2024-01-02,AAPL,185.64\n2024-01-03,AAPL,1\n"), {
      delimiter: ",",
      header: ["date", "ticker", "close"],
      first: ["2024-01-02", "AAPL", "185.64"],
    });
  });

  it("finds a semicolon or a tab between the cells", async () => {
    const semicolon = await head("date;close, adjusted;volume\n2024-01-02;185,64;1\n");
    assert.equal(semicolon.delimiter, ";");
    assert.deepEqual(semicolon.header, ["date", "close, adjusted", "volume"]);
    assert.deepEqual(semicolon.first, ["2024-01-02", "185,64", "1"]);
    const tab = await head("date\tclose\n2024-01-02\t185.64\n");
    assert.deepEqual([tab.delimiter, tab.header], ["\t", ["date", "close"]]);
  });

  it("takes off quotes, blanks, a byte order mark and Windows line ends", async () => {
    const { header, first } = await head(
      '\uFEFF"date" , "ticker","close ""raw"""\r\n"2024-01-02","BRK.B", 1\r\n',
    );
    assert.deepEqual(header, ["date", "ticker", 'close "raw"']);
    assert.deepEqual(first, ["2024-01-02", "BRK.B", "1"]);
  });

  it("reads a header alone, with its line end or without", async () => {
    for (const text of ["date,close", "date,close\n", "date,close\r\n"]) {
      assert.deepEqual(await head(text), { delimiter: ",", header: ["date", "close"], first: [] });
    }
  });

  it("reads a second line with a line break in a cell as far as it goes", async () => {
    const { first } = await head('date,note\n2024-01-02,"one\ntwo"\n');
    assert.deepEqual(first, ["2024-01-02", '"one']);
  });

  it("reads letters of other scripts", async () => {
    assert.deepEqual((await head("日期,收盘价\n2024-01-02,1\n")).header, ["日期", "收盘价"]);
  });

  it("reads a wide header of 200,000 bytes to its end", async () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `TICK${String(at).padStart(5, "0")}`);
    const text = `date,${names.join(",")}\n2024-01-02,1\n`;
    for (const gzipped of [false, true]) {
      const { header, first } = await head(gzipped ? gzipSync(text) : text, gzipped);
      assert.deepEqual([header.length, header.at(-1)], [20_001, "TICK19999"]);
      assert.deepEqual(first, ["2024-01-02", "1"]);
    }
  });

  it("reads the head of a gzip that breaks off later", async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `2024-01-02,T${at * 7919},${at}`);
    const whole = gzipSync(`date,ticker,close\n${rows.join("\n")}\n`);
    const { header } = await head(whole.subarray(0, whole.length / 2), true);
    assert.deepEqual(header, ["date", "ticker", "close"]);
  });

  it("refuses a gzip that breaks off before anything is there", async () => {
    await refuses(gzipSync("date,close\n").subarray(0, 8), /file-\d+\.csv: can't be read: /, true);
  });

  it("refuses what is no CSV, naming the file, what was expected and what came", async () => {
    await refuses("", /file-\d+\.csv: the file is empty; expected a header and rows\.$/);
    await refuses(gzipSync(""), /: the file is empty/, true);
    const little = Buffer.from("\uFEFFdate,close\n", "utf16le");
    await refuses(little, /:1: expected UTF-8, got UTF-16; save the file as UTF-8\.$/);
    await refuses(Buffer.from(little).swap16(), /:1: expected UTF-8, got UTF-16/);
    await refuses(
      Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 10]),
      /:1: expected CSV text, got binary data\.$/,
    );
    const latin = Buffer.from("date,close,höchst\n1,2,3\n", "latin1");
    await refuses(latin, /:1: expected UTF-8, got another encoding; save the file as UTF-8\.$/);
    await refuses(
      '"date,close\n2024-01-02,1\n',
      /:1: expected a header, got a quote that is not closed in ""date,close"\.$/,
    );
  });
});
