import assert from "node:assert/strict";
import { InvalidInput } from "../../../shared/errors.ts";
import { storedBars } from "../../support/bars.ts";
import { importedMs, importPrices, lines } from "../../support/import-prices.ts";
import { tableCounts } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const header = "date,ticker,open,close";
const dayMs = 86_400_000;

describe("a bar that comes again with another value", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();
  let files = 0;

  /** Imports rows `later` days after the first import, and tells the bars as `day revision known open close`. */
  async function after(later: number, source: string, ...rows: string[]): Promise<string[]> {
    const file = lines(folder(), `${++files}.csv`, [header, ...rows]);
    await importPrices(warehouse(), { files: [file], source }, importedMs + later * dayMs);
    // What stands there twice with one key would be one row after the next merge: look at what is left then.
    await warehouse().command("OPTIMIZE TABLE bars FINAL");
    return (await storedBars(warehouse(), source)).map(({ day, revision, known, values }) =>
      [day, revision, known, values[0] ?? "-", values[3]].join(" "),
    );
  }

  it("becomes a revision known since the import, and the first stays as it was", async () => {
    const first = [
      "2024-01-02 0 2024-01-02 21:00:00 10 10",
      "2024-01-03 0 2024-01-03 21:00:00 11 11",
    ];
    assert.deepEqual(await after(0, "v", "2024-01-02,A,10,10", "2024-01-03,A,11,11"), first);

    const second = [
      first[0]!,
      "2024-01-02 1 2026-01-06 12:00:00 10 10.5", // the import's time
      first[1]!,
      "2024-01-04 0 2024-01-04 21:00:00 12 12", // new, and known as any bar
    ];
    assert.deepEqual(
      await after(1, "v", "2024-01-02,A,10,10.5", "2024-01-03,A,11,11", "2024-01-04,A,12,12"),
      second,
    );

    // Said again it is no news; taken back it is one.
    assert.deepEqual(await after(2, "v", "2024-01-02,A,10,10.5"), second);
    const third = [
      ...second.slice(0, 2),
      "2024-01-02 2 2026-01-08 12:00:00 10 10",
      ...second.slice(2),
    ];
    assert.deepEqual(await after(3, "v", "2024-01-02,A,10,10"), third);
  });

  it("is another value beyond single precision, and where a field comes or goes", async () => {
    const close = 123.456;
    const bar = (revision: number, known: string, open: string, value: number): string =>
      `2024-01-02 ${revision} ${known} ${open} ${value}`;
    const first = bar(0, "2024-01-02 21:00:00", "10", close);
    await after(0, "single", `2024-01-02,A,10,${close}`);
    // As a 32-bit float 123.456 is 123.45600128173828, 1.04e-8 off.
    assert.deepEqual(await after(1, "single", "2024-01-02,A,10,123.45600128173828"), [first]);
    const more = bar(1, "2026-01-07 12:00:00", "10", 123.4563);
    assert.deepEqual(await after(2, "single", "2024-01-02,A,10,123.4563"), [first, more]);
    const gone = bar(2, "2026-01-08 12:00:00", "-", 123.4563);
    assert.deepEqual(await after(3, "single", "2024-01-02,A,,123.4563"), [first, more, gone]);
    assert.deepEqual(await after(4, "single", "2024-01-02,A,,123.4563"), [first, more, gone]);
  });

  it("is not lost where two of them come in one second", async () => {
    const first = "2024-01-02 0 2024-01-02 21:00:00 10 10";
    await after(0, "second", "2024-01-02,A,10,10");
    await after(0, "second", "2024-01-02,A,10,11");
    assert.deepEqual(await after(0, "second", "2024-01-02,A,10,12"), [
      first,
      "2024-01-02 1 2026-01-05 12:00:00 10 11",
      "2024-01-02 2 2026-01-05 12:00:01 10 12",
    ]);
  });

  it("is told by source: another source's bar is another bar", async () => {
    const one = await after(0, "here", "2024-01-02,A,10,10");
    assert.deepEqual(await after(1, "there", "2024-01-02,A,10,20"), [
      "2024-01-02 0 2024-01-02 21:00:00 10 20",
    ]);
    assert.equal((await storedBars(warehouse(), "here")).length, one.length);
  });

  it("is refused on another basis, before anything is read", async () => {
    await after(0, "based", "2024-01-02,A,10,10");
    const before = await tableCounts(warehouse());
    for (const basis of ["split-adjusted", "total-return"] as const) {
      await assert.rejects(
        importPrices(warehouse(), { files: ["nowhere.csv"], source: "based", basis }),
        new InvalidInput(
          `Source "based" holds raw prices, these would be ${basis}: give them a source name of their own.`,
        ),
      );
    }
    assert.deepEqual(await tableCounts(warehouse()), before);
  });
});
