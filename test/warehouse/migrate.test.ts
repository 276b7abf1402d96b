import assert from "node:assert/strict";
import { join } from "node:path";
import { sessions } from "../../shared/market/calendar.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { Failed } from "../../shared/errors.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { migrate, migrations } from "../../shared/warehouse/migrate.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { Died, dyingWarehouse } from "../support/dying-warehouse.ts";
import { tableCounts, tableNames } from "../support/tables.ts";
import { useTempFolder } from "../support/temp-folder.ts";

// The tables that schema/*.sql name, and the one that counts migrations.
const tables = [
  "article_links",
  "articles",
  "bars",
  "corporate_actions",
  "evaluations",
  "exposures",
  "fact_flags",
  "factor_values",
  "facts",
  "filing_documents",
  "filing_items",
  "filings",
  "issuer_attributes",
  "issuers",
  "ledger",
  "loads",
  "memberships",
  "price_sources",
  "publishes",
  "quarantine",
  "reports",
  "runs",
  "schema_migrations",
  "scores",
  "securities",
  "sessions",
  "text_signals",
  "tickers",
  "trials",
];

describe("migrate", () => {
  const folder = useTempFolder();
  let warehouse: Warehouse;
  let opened = 0;

  beforeEach(async () => {
    warehouse = await openEmbedded(join(folder(), `w${++opened}`));
  });
  afterEach(() => warehouse.close());

  it("makes the tables, and the sessions from 1970 to 2069 with their hours", async () => {
    await migrate(warehouse);
    assert.deepEqual(await tableNames(warehouse), tables);
    const all = sessions("1970-01-01" as TradingDay, "2069-12-31" as TradingDay);
    const [counted] = await warehouse.rows<{ n: number; different: number }>(
      "SELECT count() AS n, uniqExact(day) AS different FROM sessions",
    );
    assert.deepEqual(counted, { n: all.length, different: all.length });
    // The day after Thanksgiving 2023 closed at 13:00 in New York, winter time; 2023-07-05 is a plain day in summer.
    const days = await warehouse.rows(
      "SELECT toString(open_at) AS o, toString(close_at) AS c FROM sessions WHERE day IN ('2023-07-05', '2023-11-24', '2023-11-23') ORDER BY day",
    );
    assert.deepEqual(days, [
      { o: "2023-07-05 13:30:00", c: "2023-07-05 20:00:00" },
      { o: "2023-11-24 14:30:00", c: "2023-11-24 18:00:00" },
    ]);
  });

  it("does nothing the second time", async () => {
    await migrate(warehouse);
    const before = await tableCounts(warehouse);
    await migrate(warehouse);
    assert.deepEqual(await tableCounts(warehouse), before);
    assert.equal(before["schema_migrations"], migrations().length);
  });

  it("goes on from wherever it was killed", async function () {
    this.timeout(120_000);
    const whole = dyingWarehouse(warehouse, Infinity);
    await migrate(whole);
    const expected = await tableCounts(warehouse);
    assert.ok(whole.writes.length > tables.length);
    for (let n = 1; n <= whole.writes.length; n += 3) {
      await warehouse.close();
      warehouse = await openEmbedded(join(folder(), `killed${n}`));
      await assert.rejects(migrate(dyingWarehouse(warehouse, n)), Died);
      await migrate(warehouse);
      assert.deepEqual(await tableCounts(warehouse), expected, `killed before statement ${n}`);
    }
  });

  it("refuses what a newer Quarry wrote, and leaves it as it is", async () => {
    await migrate(warehouse);
    await warehouse.command("INSERT INTO schema_migrations SELECT 9999, now()");
    const before = await tableCounts(warehouse);
    await assert.rejects(migrate(warehouse), (thrown) => {
      assert.ok(thrown instanceof Failed);
      assert.match(thrown.message, /has schema 9999, this Quarry knows up to \d+: use the newer/);
      return true;
    });
    assert.deepEqual(await tableCounts(warehouse), before);
  });

  it("has files that are numbered without gaps", () => {
    assert.deepEqual(
      migrations().map(({ number }) => number),
      migrations().map((_, at) => at + 1),
    );
  });
});
