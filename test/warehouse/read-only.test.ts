import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { migrate } from "../../shared/warehouse/migrate.ts";
import { describeEveryWarehouse } from "../support/every-warehouse.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describeEveryWarehouse("somebody else's statement", (warehouse) => {
  const folder = useTempFolder();
  before(() => migrate(warehouse()));

  it("may read and look around", async () => {
    const rows = await warehouse().readOnlyRows(
      "-- what is there\nSELECT toInt64(1) AS n, NULL AS nothing, [1, 2] AS list, 'é' AS s;",
    );
    assert.deepEqual(rows, [{ n: 1, nothing: null, list: [1, 2], s: "é" }]);
    const tables = await warehouse().readOnlyRows("SHOW TABLES");
    assert.ok(tables.some(({ name }) => name === "bars"));
    assert.deepEqual(await warehouse().readOnlyRows("SELECT 1 AS n WHERE 0"), []);
  });

  it("may change nothing", async () => {
    const before = await warehouse().rows("SELECT count() AS rows FROM sessions");
    for (const sql of [
      "DROP TABLE sessions",
      "TRUNCATE TABLE sessions",
      "ALTER TABLE sessions DELETE WHERE 1",
      "CREATE TABLE mine (n Int8) ENGINE = Memory",
      "CREATE TEMPORARY TABLE mine (n Int8)",
      "RENAME TABLE sessions TO mine",
      "INSERT INTO price_sources SELECT 'mine', 'raw', now()",
      "OPTIMIZE TABLE sessions FINAL",
      "SYSTEM FLUSH LOGS",
      "SET readonly = 0",
      "SELECT 1 SETTINGS readonly = 0",
      "SET readonly = 0; DROP TABLE sessions",
      "SELECT 1; DROP TABLE sessions",
      `INSERT INTO FUNCTION file('${folder()}/mine.csv', 'CSV', 'n Int8') SELECT 1`,
    ]) {
      await assert.rejects(warehouse().readOnlyRows(sql), sql);
    }
    assert.deepEqual(await warehouse().rows("SELECT count() AS rows FROM sessions"), before);
    assert.deepEqual(await warehouse().rows("SELECT count() AS rows FROM price_sources"), [
      { rows: 0 },
    ]);
    assert.ok(!existsSync(join(folder(), "mine.csv")));
  });

  it("leaves the connection able to write", async () => {
    await warehouse().command("INSERT INTO price_sources SELECT 'ours', 'raw', now()");
    assert.deepEqual(await warehouse().rows("SELECT source FROM price_sources"), [
      { source: "ours" },
    ]);
  });
});
