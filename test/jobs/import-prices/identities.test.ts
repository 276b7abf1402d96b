import assert from "node:assert/strict";
import { importPrices, lines } from "../../support/import-prices.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

describe("securities of imported prices", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  async function idsAfter(source: string, name: string, ...rows: string[]): Promise<string[]> {
    const file = lines(folder(), name, ["date,ticker,close", ...rows]);
    await importPrices(warehouse(), { files: [file], source });
    const found = await warehouse().rows<{ line: string }>(
      `SELECT concat(ticker, ' ', security_id, ' ', toString(from_day)) AS line FROM tickers FINAL ORDER BY ticker, from_day`,
    );
    return found.map(({ line }) => line);
  }

  it("are numbered by ticker, keep their numbers, and are shared by sources", async () => {
    const first = await idsAfter(
      "one",
      "1.csv",
      "2024-01-03,MSFT,10",
      "2024-01-02,AAPL,10",
      "2024-01-04,AAPL,10",
    );
    assert.deepEqual(first, ["AAPL S000001 2024-01-02", "MSFT S000002 2024-01-03"]);
    // A later import of the same source, with one that stands before them in the alphabet.
    const second = await idsAfter(
      "one",
      "2.csv",
      "2024-01-05,AA,10",
      "2024-01-05,MSFT,11",
      "2024-01-05,AAPL,11",
    );
    assert.deepEqual(second, ["AA S000003 2024-01-05", ...first]);
    // Another source says MSFT and means the same company.
    const third = await idsAfter("two", "3.csv", "2024-01-03,MSFT,99", "2024-01-03,ZM,10");
    assert.deepEqual(third, [...second, "ZM S000004 2024-01-03"]);
    const bars = await warehouse().rows(
      "SELECT source, toString(security_id) AS id, count() AS bars FROM bars GROUP BY source, id ORDER BY source, id",
    );
    assert.deepEqual(bars, [
      { source: "one", id: "S000001", bars: 3 },
      { source: "one", id: "S000002", bars: 2 },
      { source: "one", id: "S000003", bars: 1 },
      { source: "two", id: "S000002", bars: 1 },
      { source: "two", id: "S000004", bars: 1 },
    ]);
  });

  it("remember who named them first, and from when", async () => {
    const rows = await warehouse().rows(
      "SELECT toString(security_id) AS id, source, symbol, toString(first_day) AS day FROM securities FINAL ORDER BY id",
    );
    assert.deepEqual(rows, [
      { id: "S000001", source: "one", symbol: "AAPL", day: "2024-01-02" },
      { id: "S000002", source: "one", symbol: "MSFT", day: "2024-01-03" },
      { id: "S000003", source: "one", symbol: "AA", day: "2024-01-05" },
      { id: "S000004", source: "two", symbol: "ZM", day: "2024-01-03" },
    ]);
  });

  it("are the same whichever of two files is read first, the newer or the older days", async () => {
    const newer = await idsAfter("three", "newer.csv", "2024-01-05,OLD,10");
    const older = await idsAfter("three", "older.csv", "2023-01-05,OLD,10");
    assert.deepEqual(older, newer);
    await idsAfter("three", "around.csv", "2022-01-05,OLD,10", "2024-01-08,OLD,10");
    const bars = await warehouse().rows(
      "SELECT uniqExact(security_id) AS ids, count() AS bars FROM bars WHERE source = 'three'",
    );
    assert.deepEqual(bars, [{ ids: 1, bars: 4 }]);
  });

  it("whose rows are all put aside get no number", async () => {
    const file = lines(folder(), "aside.csv", ["date,ticker,close", "2024-01-02,NEVER,-1"]);
    await importPrices(warehouse(), { files: [file], source: "one", lossBudget: 1 });
    assert.deepEqual(await warehouse().rows("SELECT * FROM tickers WHERE ticker = 'NEVER'"), []);
  });
});
