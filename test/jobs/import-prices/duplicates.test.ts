import assert from "node:assert/strict";
import { asideLines, barLines } from "../../support/bars.ts";
import { importPrices, lines } from "../../support/import-prices.ts";
import { tableCounts } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const header = "date,ticker,open,close,volume";

describe("rows of the same day and ticker", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  it("count once when they agree, and all go aside when they contradict each other", async () => {
    const file = lines(folder(), "one.csv", [
      header,
      "2024-01-02,SAME,10,10,100",
      "2024-01-02,OTHER,20,20,1",
      "2024-01-02,SAME,10.0,1e1,100", // the same numbers in other words
      "2024-01-03,SAME,10,10,100",
      "2024-01-03,CLOSE,10,10,100",
      "2024-01-03,CLOSE,10,10.01,100",
      "2024-01-03,CLOSE,10,10,100",
      "2024-01-03,VOLUME,10,10,",
      "2024-01-03,VOLUME,10,10,5",
      "2024-01-03,BAD,10,-1,5", // aside for itself, and no part in a contradiction
      "2024-01-03,BAD,10,11,5",
    ]);
    const { admission } = await importPrices(warehouse(), {
      files: [file],
      source: "one",
      lossBudget: 1,
    });
    assert.deepEqual(await barLines(warehouse(), "one"), [
      "BAD 2024-01-03 10 - - 11 5",
      "OTHER 2024-01-02 20 - - 20 1",
      "SAME 2024-01-02 10 - - 10 100",
      "SAME 2024-01-03 10 - - 10 100",
    ]);
    // Of a contradiction every row, as day, ticker, open, high, low, close, volume.
    assert.deepEqual(await asideLines(warehouse(), "one"), [
      "6 conflicting duplicate | 2024-01-03,CLOSE,10,nan,nan,10,100",
      "7 conflicting duplicate | 2024-01-03,CLOSE,10,nan,nan,10.01,100",
      "8 conflicting duplicate | 2024-01-03,CLOSE,10,nan,nan,10,100",
      "9 conflicting duplicate | 2024-01-03,VOLUME,10,nan,nan,10,nan",
      "10 conflicting duplicate | 2024-01-03,VOLUME,10,nan,nan,10,5",
      "11 close is not positive | 2024-01-03,BAD,10,-1,5",
    ]);
    assert.deepEqual(
      [admission?.rows, admission?.admitted, admission?.repeated, admission?.quarantined],
      [11, 4, 1, { "conflicting duplicate": 5, "close is not positive": 1 }],
    );
  });

  it("are found across the files of one import", async () => {
    const first = lines(folder(), "first.csv", [
      header,
      "2024-01-02,A,10,10,1",
      "2024-01-02,B,20,20,1",
    ]);
    const second = lines(folder(), "second.csv", [
      header,
      "2024-01-02,A,10,10,1",
      "2024-01-02,B,20,21,1",
    ]);
    const { admission } = await importPrices(warehouse(), {
      files: [first, second],
      source: "two",
      lossBudget: 1,
    });
    assert.deepEqual(await barLines(warehouse(), "two"), ["A 2024-01-02 10 - - 10 1"]);
    assert.deepEqual(
      [admission?.repeated, admission?.quarantined],
      [1, { "conflicting duplicate": 2 }],
    );
    const origins = await warehouse().rows(
      "SELECT origin, line FROM quarantine FINAL WHERE source = 'two' ORDER BY origin",
    );
    assert.deepEqual(origins, [
      { origin: first, line: 3 },
      { origin: second, line: 3 },
    ]);
    // Each file is said to have brought its own rows.
    assert.deepEqual(await warehouse().rows("SELECT rows FROM loads WHERE source = 'two'"), [
      { rows: 2 },
      { rows: 2 },
    ]);
  });

  it("are read once where a file is named twice, or is there under two names", async () => {
    const text = [header, "2024-01-02,A,10,10,1"];
    const file = lines(folder(), "a.csv", text);
    const copy = lines(folder(), "copy.csv", text);
    const report = await importPrices(warehouse(), { files: [file, file, copy], source: "names" });
    assert.deepEqual(report.held, [copy]);
    assert.deepEqual([report.admission?.rows, report.admission?.repeated], [1, 0]);
  });

  it("add nothing in a second import, of the same bytes or of others that say the same", async () => {
    const text = [header, "2024-01-02,A,10,10,1", "2024-01-03,A,11,11,1"];
    const file = lines(folder(), "once.csv", text);
    await importPrices(warehouse(), { files: [file], source: "again" });
    const before = await tableCounts(warehouse());

    const bytes = await importPrices(warehouse(), { files: [file], source: "again" });
    assert.deepEqual([bytes.held, bytes.files, bytes.admission], [[file], [], null]);
    assert.deepEqual(await tableCounts(warehouse()), before);

    const turned = lines(folder(), "turned.csv", [text[0]!, text[2]!, text[1]!]);
    const { admission } = await importPrices(warehouse(), { files: [turned], source: "again" });
    assert.deepEqual(
      [admission?.admitted, admission?.unchanged, admission?.revised, admission?.securities.added],
      [0, 2, 0, 0],
    );
    // That the file was seen is all that is new.
    assert.deepEqual(await tableCounts(warehouse()), { ...before, loads: before["loads"]! + 1 });
  });
});
