import assert from "node:assert/strict";
import { asideLines, barLines, storedBars } from "../../support/bars.ts";
import { importPrices, lines } from "../../support/import-prices.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const header = "date,ticker,open,high,low,close,volume";

describe("rows of an imported file", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  it("that are no bars go aside, with line and reason, and the others in", async () => {
    // [row, why it is none; empty where it is a bar]; 2024-01-01 was a holiday, 2024-01-06 a Saturday.
    const table: [string, string][] = [
      ["2024-01-02,GOOD,10,11,9,10.5,100", ""],
      ["2024-02-31,A,10,11,9,10.5,100", "day is no YYYY-MM-DD"],
      ["31/12/2024,A,10,11,9,10.5,100", "day is no YYYY-MM-DD"],
      [",A,10,11,9,10.5,100", "day is no YYYY-MM-DD"],
      ["2024-1-5,A,10,11,9,10.5,100", "day is no YYYY-MM-DD"],
      ["2024-01-01,A,10,11,9,10.5,100", "no session in New York on that day"],
      ["2024-01-06,A,10,11,9,10.5,100", "no session in New York on that day"],
      ["2024-01-03,,10,11,9,10.5,100", "no ticker"],
      ["2024-01-03,A,10,11,9,,100", "no close"],
      ["2024-01-03,A,10,11,9,null,100", "no close"],
      ["2024-01-03,A,10,11,9,NaN,100", "close is no number"],
      ["2024-01-03,A,10,11,9,inf,100", "close is no number"],
      ["2024-01-03,A,10,11,9,ten,100", "close is no number"],
      ["2024-01-03,A,10,11,9,-10.5,100", "close is not positive"],
      ["2024-01-03,A,10,11,9,0,100", "close is not positive"],
      ["2024-01-03,A,1,234.5,9,10.5,100,7", "more cells than the header"],
      ["2024-01-03,A,10", "no close"],
      ["2026-01-05,A,10,11,9,10.5,100", "session is not over"],
      ["2030-01-02,A,10,11,9,10.5,100", "session is not over"],
      ["2024-01-04,GOOD,10,11,9,10.75,100", ""],
    ];
    const file = lines(folder(), "bad.csv", [header, ...table.map(([row]) => row)]);
    // At 12:00 UTC of 2026-01-05, when that day's session has not begun.
    const { admission } = await importPrices(warehouse(), {
      files: [file],
      source: "bad",
      lossBudget: 1,
    });
    const expected = table.flatMap(([row, reason], at) => {
      // Numbers of a row that is judged after it was read are written anew, and a short row is filled up.
      const record = row === "2024-01-03,A,10" ? `${row},,,,` : row;
      return reason === "" ? [] : [`${at + 2} ${reason} | ${record}`];
    });
    assert.deepEqual(await asideLines(warehouse(), "bad"), expected);
    assert.deepEqual(await barLines(warehouse(), "bad"), [
      "GOOD 2024-01-02 10 11 9 10.5 100",
      "GOOD 2024-01-04 10 11 9 10.75 100",
    ]);
    assert.equal(admission?.rows, table.length);
    assert.equal(admission.admitted, 2);
    assert.equal(admission.quarantined["day is no YYYY-MM-DD"], 4);
    assert.deepEqual([admission.firstDay, admission.lastDay], ["2024-01-02", "2024-01-04"]);
    assert.deepEqual(admission.securities, { seen: 1, added: 1 });
  });

  it("with a good close keep it, and lose what can't be beside it, counted", async () => {
    // open, high, low, close, volume as they come, and as they stay.
    const table: [string, string][] = [
      ["10,11,9,10,100", "10 11 9 10 100"],
      ["0,11,9,10,100", "- 11 9 10 100"], // zero open
      ["10,0,0,10,100", "10 - - 10 100"], // zero high and low
      ["10,8,9,10,100", "10 - 9 10 100"], // high below low: below the close too
      ["10,11,10.5,10,100", "10 11 - 10 100"], // low above the close
      ["12,11,9,10,100", "- 11 9 10 100"], // open above the high
      ["8,11,9,10,100", "- 11 9 10 100"], // open below the low
      ["-10,11,-9,10,100", "- 11 - 10 100"], // negative
      ["x,11,9,10,100", "- 11 9 10 100"], // text
      ["nan,inf,-inf,10,nan", "- - - 10 -"],
      ["inf,,,10,1", "- - - 10 1"],
      ["10,11,9,10,-5", "10 11 9 10 -"],
      ["10,11,9,10,0", "10 11 9 10 0"], // nobody traded
      [",,,10,0", "- - - 10 -"], // a volume that was not sent
      [",,,10,", "- - - 10 -"],
      ["10,10,10,10,1.5e3", "10 10 10 10 1500"],
      [
        "10.0000000001,10.0000000001,9.9999999999,10,1",
        "10.0000000001 10.0000000001 9.9999999999 10 1",
      ],
    ];
    const days = (at: number): string =>
      `2024-03-${String(4 + at + 2 * Math.floor(at / 5)).padStart(2, "0")}`;
    const file = lines(folder(), "emptied.csv", [
      header,
      ...table.map(([row], at) => `${days(at)},A,${row}`),
    ]);
    const { admission } = await importPrices(warehouse(), { files: [file], source: "emptied" });
    assert.deepEqual(
      await barLines(warehouse(), "emptied"),
      table.map(([, kept], at) => `A ${days(at)} ${kept}`),
    );
    // Counted by hand in the table: a cell that came with a number in it and is not kept, by column; text counts as unreadable,
    // and nan and inf as both.
    assert.deepEqual(admission?.emptied, { open: 6, high: 3, low: 4, volume: 3, unreadable: 6 });
    assert.equal(admission.admitted, table.length);
  });

  it("are known from the close of their session, half days and summer time included", async () => {
    const file = lines(folder(), "known.csv", [
      "date,ticker,close",
      "2023-07-03,A,10",
      "2023-07-05,A,10",
      "2023-11-24,A,10",
      "2023-11-27,A,10",
    ]);
    await importPrices(warehouse(), { files: [file], source: "known" });
    // 13:00 and 16:00 in New York: UTC - 4 h in July, - 5 h in November; 3 July and 24 November 2023 were half days.
    assert.deepEqual(
      (await storedBars(warehouse(), "known")).map(({ known }) => known),
      ["2023-07-03 17:00:00", "2023-07-05 20:00:00", "2023-11-24 18:00:00", "2023-11-27 21:00:00"],
    );
  });

  it("lie where the file says, beyond blank lines and in files of many blocks", async () => {
    const text = ["date,ticker,close", "", "2024-01-02,A,10", "", "", "2024-01-03,A,-1", ""];
    const file = lines(folder(), "blank.csv", text);
    await importPrices(warehouse(), { files: [file], source: "blank", lossBudget: 1 });
    // A blank line is no row.
    assert.deepEqual(await asideLines(warehouse(), "blank"), [
      "6 close is not positive | 2024-01-03,A,-1",
    ]);

    const rows = 150_000;
    const big = Array.from({ length: rows }, (_, at) =>
      at % 997 === 3 ? `2024-01-02,T,-${at + 2}` : `2024-01-02,T${at % 50},10`,
    );
    const path = lines(folder(), "big.csv", ["date,ticker,close", ...big]);
    const { admission } = await importPrices(warehouse(), {
      files: [path],
      source: "lines",
      lossBudget: 1,
    });
    const bad = big.filter((row) => row.includes(",-")).length;
    assert.equal(admission?.quarantined["close is not positive"], bad);
    // Each bad row tells its own line.
    const [wrong] = await warehouse().rows(
      `SELECT countIf(concat('-', toString(line)) != splitByChar(',', record)[3]) AS wrong, count() AS rows
       FROM quarantine FINAL WHERE source = 'lines'`,
    );
    assert.deepEqual(wrong, { wrong: 0, rows: bad });
  });

  it("that stand in a column nobody expected first are not taken for blank lines", async () => {
    const file = lines(folder(), "order.csv", [
      "open,date,ticker,close",
      ",2024-01-02,,10",
      ",2024-01-02,A,10",
    ]);
    await importPrices(warehouse(), { files: [file], source: "order", lossBudget: 1 });
    assert.deepEqual(await asideLines(warehouse(), "order"), ["2 no ticker | ,2024-01-02,,10"]);
  });
});
