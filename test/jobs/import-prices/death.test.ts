import assert from "node:assert/strict";
import { recover } from "../../../shared/warehouse/publish.ts";
import { Died, dyingWarehouse } from "../../support/dying-warehouse.ts";
import { importedMs, importPrices, lines } from "../../support/import-prices.ts";
import { passingTables } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const header = "date,ticker,close,volume";

/** Statements before which a death tells: from the ready bars on all that leave something. */
const telling = /INSERT INTO (securities|tickers|quarantine|loads)|RENAME|MOVE|DROP TABLE publish/;

describe("an import that dies between two statements", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  /** A ticker's bars: day, revision, close, and of a revision the day since which it is known. */
  async function barsOf(ticker: string): Promise<string[]> {
    const rows = await warehouse().rows<{ bar: string }>(
      `SELECT concat(toString(day), ' ', toString(revision), ' ', toString(close),
         if(revision = 0, '', concat(' ', toString(toDate(known_at))))) AS bar
       FROM bars WHERE security_id IN (SELECT security_id FROM tickers WHERE ticker = {ticker:String})
       ORDER BY day, revision`,
      { ticker },
    );
    return rows.map(({ bar }) => bar);
  }

  /** A bar that is there already with another close, and a new ticker with bars of two years and a row that is none. */
  function file(n: number): string {
    return lines(folder(), `${n}.csv`, [
      header,
      `2024-01-02,KNOWN,${100 + n},5`,
      "2024-01-03,KNOWN,50,5",
      `2023-12-29,NEW${n},10,5`,
      `2024-01-02,NEW${n},11,5`,
      `2024-01-04,NEW${n},-1,5`,
    ]);
  }
  const whole = ["2023-12-29 0 10", "2024-01-02 0 11"];

  it("is whole or not there, leaves nothing behind, and can be run again", async function () {
    this.timeout(40_000);
    const args = (n: number) => ({ files: [file(n)], source: "v", lossBudget: 0.5 });
    const known = lines(folder(), "k.csv", [
      header,
      "2024-01-02,KNOWN,99,5",
      "2024-01-03,KNOWN,50,5",
    ]);
    await importPrices(warehouse(), { files: [known], source: "v" });
    const rehearsal = dyingWarehouse(warehouse(), Infinity);
    await importPrices(rehearsal, args(0));
    const moments = rehearsal.writes.flatMap((sql, at) => (telling.test(sql) ? [at + 1] : []));
    assert.ok(moments.length >= 8, `${moments.length} statements`);

    const revisions = ["2024-01-02 1 100 2026-01-05"];
    let afterCommit = 0;
    for (const [at, moment] of moments.entries()) {
      const n = at + 1;
      const died = `died before statement ${moment}: ${rehearsal.writes[moment - 1]!}`;
      const nowMs = importedMs + n * 86_400_000;
      await assert.rejects(importPrices(dyingWarehouse(warehouse(), moment), args(n), nowMs), Died);

      await recover(warehouse());
      assert.deepEqual(await passingTables(warehouse()), [], died);
      const revision = `2024-01-02 ${n + 1} ${100 + n} ${new Date(nowMs).toISOString().slice(0, 10)}`;
      const before = ["2024-01-02 0 99", ...revisions, "2024-01-03 0 50"];
      const after = ["2024-01-02 0 99", ...revisions, revision, "2024-01-03 0 50"];
      const is = [await barsOf("KNOWN"), await barsOf(`NEW${n}`)];
      const committed = is[1]!.length > 0;
      assert.deepEqual(is, committed ? [after, whole] : [before, []], died);
      if (committed) afterCommit++;

      await importPrices(warehouse(), args(n), nowMs);
      revisions.push(revision);
      assert.deepEqual([await barsOf("KNOWN"), await barsOf(`NEW${n}`)], [after, whole], died);
      const [others] = await warehouse().rows(
        `SELECT (SELECT count() FROM securities FINAL) AS securities, (SELECT count() FROM loads FINAL) AS loads,
           (SELECT count() FROM quarantine FINAL) AS quarantine, (SELECT count() FROM price_sources FINAL) AS sources`,
      );
      // Files so far: the known one, the rehearsal's, and n more, each but the first with a new ticker and a bad row.
      assert.deepEqual(
        others,
        { securities: n + 2, loads: n + 2, quarantine: n + 1, sources: 1 },
        died,
      );
    }
    // There were deaths on both sides of the point from which on everything is there.
    assert.ok(afterCommit >= 3 && afterCommit < moments.length, `${afterCommit} after the commit`);
  });
});
