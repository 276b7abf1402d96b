import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { InvalidInput } from "../../../shared/errors.ts";
import {
  factorColumns,
  inspectTable,
  priceColumns,
  signalPriceColumns,
  type ColumnNames,
  type LongFile,
  type WideFile,
} from "../../../shared/sources/files/price-file.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

describe("inspectTable", () => {
  const folder = useTempFolder();
  let files = 0;
  const inspect = (
    text: string | Buffer,
    names: ColumnNames = priceColumns,
    required = "close",
  ): Promise<LongFile | WideFile> => {
    const path = join(folder(), `table-${++files}.csv`);
    writeFileSync(path, text);
    return inspectTable(path, names, required);
  };
  const long = async (header: string, names?: ColumnNames, required?: string) => {
    const file = await inspect(`${header}\n`, names, required);
    assert.equal(file.shape, "long");
    return file;
  };
  const wide = async (text: string): Promise<WideFile> => {
    const file = await inspect(text);
    assert.equal(file.shape, "wide");
    return file;
  };
  const refuses = async (text: string, message: RegExp, names?: ColumnNames, required?: string) => {
    await assert.rejects(inspect(text, names, required), { constructor: InvalidInput, message });
  };

  it("finds the columns of a long file by name, and says which nobody reads", async () => {
    const file = await long("date,ticker,open,high,low,close,volume,adj close,exchange");
    assert.deepEqual([file.day, file.symbol], [0, 1]);
    const fields = { open: 2, high: 3, low: 4, close: 5, volume: 6, adjclose: 7 };
    assert.deepEqual(file.fields, fields);
    assert.deepEqual(file.ignored, ["exchange"]);
    assert.deepEqual([file.format, file.gzipped, file.delimiter], ["csv", false, ","]);
    assert.deepEqual(file.columns[5], { name: "close", type: "String" });
  });

  it("takes vendors' names, in any order, letter case and spelling", async () => {
    const file = await long("Adj Close,SYMBOL,Close,Datetime,Vol");
    assert.deepEqual(
      [file.day, file.symbol, file.fields],
      [3, 1, { close: 2, volume: 4, adjclose: 0 }],
    );
    for (const header of ["timestamp,asset,price", "day;tic;last", "DATE\tSecurity\tClose"]) {
      const other = await long(header);
      assert.deepEqual([other.day, other.symbol, other.fields], [0, 1, { close: 2 }]);
    }
    for (const name of ["adj_close", "Adjusted Close", "adj.close", "closeadj"]) {
      assert.equal((await long(`date,ticker,close,${name}`)).fields["adjclose"], 3);
    }
  });

  it("prefers the name that says more: date to a row number without a name, close to price", async () => {
    // What pandas' to_csv() writes unless it is told not to: a first column without a name that counts the rows.
    const numbered = await long(",date,ticker,close");
    assert.deepEqual([numbered.day, numbered.ignored], [1, [""]]);
    const both = await long("time,date,ticker,last,price,close");
    assert.deepEqual(
      [both.day, both.fields, both.ignored],
      [1, { close: 5 }, ["time", "last", "price"]],
    );
    // Where nothing else is the day, the column without a name is it.
    assert.equal((await long(",asset,factor", factorColumns, "factor")).day, 0);
  });

  it("finds the columns of other tables by the names of theirs", async () => {
    const factor = await long("date,asset,Signal", factorColumns, "factor");
    assert.deepEqual(factor.fields, { factor: 2 });
    const prices = await long("date,asset,close,market cap", signalPriceColumns, "close");
    assert.deepEqual(prices.fields, { close: 2, market_cap: 3 });
  });

  it("takes a file of a day and names for a wide one", async () => {
    const file = await wide("Date,AAPL,MSFT\n2024-01-02,185.64,370.87\n");
    assert.deepEqual([file.day, file.symbols], [0, [1, 2]]);
    // Tickers that mean something else elsewhere: Lowe's is LOW, Opendoor OPEN.
    assert.deepEqual((await wide("date,LOW,OPEN,AAPL\n")).symbols, [1, 2, 3]);
    // A first column of any name that holds days.
    assert.deepEqual((await wide("when,AAPL,MSFT\n2024-01-02,1,2\n")).day, 0);
    assert.deepEqual((await wide("when,AAPL\n20240102,1\n")).day, 0);
    assert.deepEqual((await wide(",AAPL\n")).symbols, [1]);
  });

  it("reads a gzip by its first bytes, whatever it is called", async () => {
    const file = await inspect(gzipSync("date,ticker,close\n2024-01-02,AAPL,1\n"));
    assert.deepEqual([file.shape, file.gzipped, file.columns.length], ["long", true, 3]);
  });

  it("refuses a long file with a column missing, and shows its header", async () => {
    await refuses(
      "date,ticker,open\n",
      /table-\d+\.csv:1: expected a column close; the header is "date,ticker,open"\.$/,
    );
    await refuses("ticker,close\n", /expected a column date; the header is "ticker,close"\.$/);
    await refuses("date,close\n", /expected a column ticker or symbol or asset; the header is/);
    await refuses("ticker,open\n", /expected a column date, close; the header is/);
    await refuses("date,asset,close\n", /expected a column factor;/, factorColumns, "factor");
  });

  it("refuses a header that is none, or says one thing twice", async () => {
    await refuses(
      "AAPL,MSFT\n1,2\n",
      /:1: expected a header "date,ticker,close" \(long\) or "date,AAPL,MSFT,\.\.\." \(wide\), got "AAPL,MSFT"\.$/,
    );
    await refuses("date\n2024-01-02\n", /:1: expected a header .* got "date"\.$/);
    await refuses("2024-01-02,AAPL,1\n2024-01-03,AAPL,2\n", /got "2024-01-02,AAPL,1"\.$/);
    await refuses(
      "date,AAPL,MSFT,AAPL\n",
      /:1: column "AAPL" stands twice in the header; rename one\.$/,
    );
    const many = Array.from({ length: 60 }, (_, at) => `C${at}`).join(",");
    await refuses(`${many}\n`, /got "C0,C1,.{114}\.\.\."\.$/);
  });

  it("refuses what can't be opened or read as a file", async () => {
    const missing = join(folder(), "nowhere.csv");
    await assert.rejects(inspectTable(missing, priceColumns, "close"), {
      constructor: InvalidInput,
      message: `${missing}: no such file, or it can't be read.`,
    });
    const directory = join(folder(), "folder.csv");
    mkdirSync(directory);
    await assert.rejects(inspectTable(directory, priceColumns, "close"), {
      constructor: InvalidInput,
      message: `${directory}: expected a file, and it can't be read as one.`,
    });
    await refuses("", /the file is empty/);
  });
});
