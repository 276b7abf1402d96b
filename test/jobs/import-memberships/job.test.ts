import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, type MembershipsReport } from "../../../jobs/import-memberships/job.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { checkList, membershipsAsKnown } from "../../../shared/warehouse/tables/memberships.ts";
import { jobDeps } from "../../support/job-deps.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const nowMs = Date.parse("2020-07-01T12:00:00Z");

describe("quarry import memberships", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  function bring(
    list: string,
    lines: readonly string[],
    knownAt?: string,
  ): Promise<MembershipsReport> {
    const file = join(folder(), `${list}.csv`);
    writeFileSync(file, lines.join("\n"));
    return run(
      { file, list, knownAt: knownAt as TradingDay | undefined },
      jobDeps(warehouse(), nowMs),
    );
  }

  it("adds each change once, and a newer file only what is new", async () => {
    const lines = ["ticker,start,end", "AAA,2010-01-04,2012-06-29", "BBB,2010-01-04,"];
    const first = await bring("large", lines);
    assert.deepEqual(first, { list: "large", tickers: 2, changes: 3, added: 3, undated: 0 });
    assert.equal((await bring("large", lines)).added, 0);
    assert.equal((await bring("large", [...lines, "CCC,2020-06-22,"])).added, 1);
    const members = await membershipsAsKnown(warehouse(), "large");
    assert.deepEqual(
      members.map(({ ticker, start, end }) => `${ticker} ${start!} ${end ?? ""}`.trim()),
      ["AAA 2010-01-04 2012-06-29", "BBB 2010-01-04", "CCC 2020-06-22"],
    );
  });

  it("says of lines without days that they count from now on, unless somebody knows better", async () => {
    assert.equal((await bring("sector", ["ticker,sector", "AAA,Energy"])).undated, 1);
    assert.equal((await membershipsAsKnown(warehouse(), "sector"))[0]!.start, "2020-07-01");
    assert.equal((await bring("sector", ["ticker,sector", "AAA,Energy"], "2019-12-31")).undated, 0);
    assert.equal((await membershipsAsKnown(warehouse(), "sector"))[0]!.start, "2020-01-02");
  });

  it("refuses groups in some lines only, the future, and a list that is not there", async () => {
    await assert.rejects(bring("odd", ["ticker,group", "AAA,X", "BBB,"]), {
      name: "InvalidInput",
      message: /expected a group in each line or in none, got 1 of 2/,
    });
    await assert.rejects(bring("odd", ["ticker,known_at", "AAA,2021-01-04"]), {
      name: "InvalidInput",
      message: /AAA is said to be known on 2021-01-04, in the future/,
    });
    assert.deepEqual(await membershipsAsKnown(warehouse(), "odd"), []);
    await assert.rejects(checkList(warehouse(), "odd"), {
      name: "InvalidInput",
      message: 'Expected a file, or a list that the warehouse holds (large, sector), got "odd".',
    });
  });
});
