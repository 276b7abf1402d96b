import assert from "node:assert/strict";
import { Failed } from "../../../shared/errors.ts";
import { asideLines, barLines } from "../../support/bars.ts";
import { importPrices, lines } from "../../support/import-prices.ts";
import { tableCounts } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

describe("the loss budget", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();
  const tickers = (count: number): string[] => Array.from({ length: count }, (_, at) => `T${at}`);

  /** A file of good rows and bad ones after them. */
  function file(name: string, good: number, bad: number): string {
    return lines(folder(), name, [
      "date,ticker,close",
      ...tickers(good).map((ticker) => `2024-01-02,${ticker},10`),
      ...tickers(bad).map((ticker) => `2024-01-03,${ticker},0`),
    ]);
  }

  it("lets through as much as it says, and not a row more", async () => {
    const at = await importPrices(warehouse(), { files: [file("at.csv", 99, 1)], source: "at" });
    assert.equal(at.admission?.admitted, 99);

    const before = await tableCounts(warehouse());
    const over = file("over.csv", 98, 2);
    await assert.rejects(importPrices(warehouse(), { files: [over], source: "over" }), (thrown) => {
      assert.ok(thrown instanceof Failed);
      const [head, ...rows] = thrown.message.split("\n");
      assert.equal(
        head,
        "2 rows of 100 can't be bars, more than the loss budget of 1 %: nothing went in. Mend the file, or raise --loss-budget. The first ones:",
      );
      assert.deepEqual(rows, [
        `  ${over}:100: close is not positive: "2024-01-03,T0,0"`,
        `  ${over}:101: close is not positive: "2024-01-03,T1,0"`,
      ]);
      return true;
    });
    // Nothing half in: no bar, no ticker, no quarantine, no word of the source, no table of its own.
    assert.deepEqual(await tableCounts(warehouse()), before);
  });

  it("does not claim a source for an import that failed", async () => {
    const over = file("basis.csv", 1, 1);
    await assert.rejects(
      importPrices(warehouse(), { files: [over], source: "free", basis: "raw" }),
    );
    const args = { files: [over], source: "free", basis: "total-return", lossBudget: 0.5 } as const;
    const { admission } = await importPrices(warehouse(), args);
    assert.equal(admission?.admitted, 1);
    assert.deepEqual(await barLines(warehouse(), "free"), ["T0 2024-01-02 - - - 10 -"]);
  });

  it("counts contradictions and prices split by mistake too", async () => {
    const days = ["02", "03", "04", "05", "08", "09", "10", "11", "12"].map(
      (day) => `2024-01-${day}`,
    );
    const text = [
      "date,ticker,close",
      ...days.map((day, at) => `${day},SPLIT,${at === 4 ? 50 : 100}`), // line 6 stands at half
      "2024-01-02,TWICE,1",
      "2024-01-02,TWICE,2",
    ];
    const path = lines(folder(), "three.csv", text);
    const args = { files: [path], source: "three" };
    // 3 of 11 rows.
    await assert.rejects(
      importPrices(warehouse(), { ...args, lossBudget: 0.27 }),
      /^Failed: 3 rows of 11/,
    );
    await importPrices(warehouse(), { ...args, lossBudget: 0.28 });
    assert.deepEqual(await asideLines(warehouse(), "three"), [
      "6 price split by mistake: the days around agree on another level | 2024-01-08,SPLIT,nan,nan,nan,50,nan",
      "11 conflicting duplicate | 2024-01-02,TWICE,nan,nan,nan,1,nan",
      "12 conflicting duplicate | 2024-01-02,TWICE,nan,nan,nan,2,nan",
    ]);
    assert.deepEqual(
      await barLines(warehouse(), "three"),
      days.filter((_, at) => at !== 4).map((day) => `SPLIT ${day} - - - 100 -`),
    );
  });

  it("is all or nothing: 0 takes no bad row, 1 any", async () => {
    await assert.rejects(
      importPrices(warehouse(), {
        files: [file("none.csv", 999, 1)],
        source: "none",
        lossBudget: 0,
      }),
      /1 row of 1,000 can't be bars/,
    );
    const all = await importPrices(warehouse(), {
      files: [file("all.csv", 0, 3)],
      source: "all",
      lossBudget: 1,
    });
    assert.deepEqual([all.admission?.admitted, all.admission?.firstDay], [0, null]);
  });
});
