import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { run } from "../../../jobs/audit-lookahead/job.ts";
import { isCompanyInput } from "../../../shared/factors/company.ts";
import { loadLibrary } from "../../../shared/factors/load-library.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { noProgress } from "../../../shared/progress.ts";
import { startEdgar } from "../../../shared/simulator/edgar/server.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { recordedPath } from "../../support/recorded-data.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";
import { backfillFacts } from "../backfill-facts/backfill.ts";

const nowMs = Date.parse("2026-03-01T12:00:00Z");

/** Writes files into a zip. */
async function zipOf(path: string, files: Readonly<Record<string, string>>): Promise<string> {
  const zip = new ZipFile();
  for (const [name, file] of Object.entries(files)) zip.addFile(file, name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

describe("the recorded companies", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  before(async function () {
    const at = (name: string): string => recordedPath(this, `C_sec/${name}`);
    const bulk = await zipOf(join(folder(), "companyfacts.zip"), {
      "CIK0000320193.json": at("companyfacts/CIK0000320193.json"),
      "CIK0001640147.json": at("companyfacts/snow_facts.json"),
    });
    const apple = "CIK0000320193.json";
    const submissions = await zipOf(join(folder(), "submissions.zip"), {
      [apple]: at(`submissions/${apple}`),
    });
    // Of this machine: EDGAR is not asked, whatever stands there.
    const report = await backfillFacts(warehouse(), {
      url: "http://127.0.0.1:9",
      nowMs,
      bulk,
      submissions,
    });
    assert.equal(report.loaded.facts, 24_579 + 8163);
    // Prices of their own: what is audited is what they reported.
    for (const [id, issuer, first] of [
      ["S000001", "0000320193", "2010-01-04"],
      ["S000002", "0001640147", "2020-09-16"],
    ] as const) {
      await warehouse().command(
        `INSERT INTO securities SELECT '${id}', '${issuer}', 'made', '${id}', toDate('${first}'), now()`,
      );
      await warehouse().command(
        `INSERT INTO bars SELECT 'made', '${id}', day, max(close_at), 0, p, p, p, p, 1e6, '', '', now()
         FROM (SELECT day, close_at, 50 + cityHash64(day, '${id}') % 1000 / 10 AS p FROM sessions WHERE day BETWEEN '${first}' AND '2026-02-26') GROUP BY day, p`,
      );
    }
    await warehouse().command("INSERT INTO price_sources SELECT 'made', 'raw', now()");
    await warehouse().command(
      `INSERT INTO corporate_actions SELECT 'made', 'S000001', toDate(day), 'split', toDateTime(concat(day, ' 13:30:00'), 'UTC'), ratio, '', '', now()
       FROM (SELECT arrayJoin([('2014-06-09', 7), ('2020-08-31', 4)]) AS one, one.1 AS day, one.2 AS ratio)`,
    );
  });

  it("pass the audit: restated, amended, split, told late and told without a time", async () => {
    const factors = (await loadLibrary()).filter(({ inputs }) => inputs.some(isCompanyInput));
    const days = ["2010-01-25", "2018-11-05", "2020-08-31", "2020-10-30", "2024-11-01"];
    const report = await run(
      { factors, days: days.map((text) => parseTradingDay(text)) },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );
    assert.deepEqual(
      [report.differences, report.known_at.broken],
      [0, 0],
      JSON.stringify(report.known_at.rules),
    );
    assert.ok(report.compared > 50_000, `${report.compared}`);
    const kinds = new Set(report.known_at.lags.map(({ kind }) => kind));
    assert.ok(kinds.has("10-K by acceptance") && kinds.has("10-K by filing day"));
  }).timeout(180_000);

  it("are capitalised by the count on the cover, the split of 2020-08-31 applied once", async () => {
    const { computeFactors } = await import("../../../shared/factors/compute.ts");
    const { readingOrder } = await import("../../../shared/warehouse/tables/price-sources.ts");
    const { mkdir } = await import("node:fs/promises");
    const path = join(folder(), "caps");
    await mkdir(path);
    await computeFactors(
      warehouse(),
      {
        factors: (await loadLibrary()).filter(({ name }) => name === "market_cap"),
        from: parseTradingDay("2020-08-28"),
        to: parseTradingDay("2020-11-02"),
        sources: await readingOrder(warehouse(), undefined),
        folder: path,
      },
      (total) => noProgress.start("", total),
      noSignal,
    );
    const rows = await warehouse().rows<{ day: string; shares: number }>(
      `SELECT v.day AS day, round(v.value / b.close) AS shares
       FROM file('${path}/*', Native, 'security_id LowCardinality(String), day Date, value Float64') AS v
       INNER JOIN (SELECT day, close FROM bars WHERE security_id = 'S000001') AS b ON v.day = b.day
       WHERE v.security_id = 'S000001' AND v.day IN ('2020-08-28', '2020-08-31', '2020-11-02') ORDER BY day`,
    );
    // 4,275,634,000 on the cover of the 10-Q of July 2020; four for one on August 31; 17,001,802,000 on that of the 10-K of October.
    assert.deepEqual(rows, [
      { day: "2020-08-28", shares: 4_275_634_000 },
      { day: "2020-08-31", shares: 17_102_536_000 },
      { day: "2020-11-02", shares: 17_001_802_000 },
    ]);
  });
});

describe("facts first and submissions later", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();

  it("leave each fact once, and give its filing the better time", async () => {
    const market = simulateMarket({
      seed: 8,
      securities: 5,
      from: parseTradingDay("2020-01-02"),
      to: parseTradingDay("2021-06-30"),
    });
    const atMs = Date.parse("2021-07-02T12:00:00Z");
    await using edgar = await startEdgar(market, { now: atMs });
    const reply = await fetch(`${edgar.url}/Archives/edgar/daily-index/xbrl/companyfacts.zip`, {
      headers: { "user-agent": "Test test@example.com" },
    });
    const bulk = join(folder(), "facts-alone.zip");
    const { writeFile } = await import("node:fs/promises");
    await writeFile(bulk, Buffer.from(await reply.arrayBuffer()));
    const counts = async () => {
      const [row] = await warehouse().rows<Record<string, number>>(
        `SELECT (SELECT count() FROM facts) AS facts, countIf(known_by = 'acceptance') AS accepted, count() AS filings FROM filings FINAL`,
      );
      return row!;
    };
    await backfillFacts(warehouse(), { url: edgar.url, nowMs: atMs, bulk });
    const first = await counts();
    assert.ok(first["facts"]! > 1000 && first["accepted"] === 0);
    const companies = [...new Set(market.listings.map(({ issuer }) => issuer))].map((name) => ({
      name,
      issuer: undefined,
    }));
    await backfillFacts(warehouse(), { url: edgar.url, nowMs: atMs + 86_400_000, companies });
    const second = await counts();
    assert.equal(second["facts"], first["facts"]);
    assert.equal(second["filings"], first["filings"]);
    assert.ok(second["accepted"]! > 0.5 * second["filings"]!);
  });
});
