import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCapture } from "../../../shared/objects/capture.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { edgarLimit, startEdgar, type EdgarFault } from "../../../shared/simulator/edgar/server.ts";
import type { FailureRule } from "../../../shared/simulator/failure-script.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import type { LineFault } from "../../../shared/simulator/reply.ts";
import type { Warehouse } from "../../../shared/warehouse/warehouse.ts";
import { fetchBulk } from "../../../jobs/backfill-facts/fetch-bulk.ts";
import { runRegistered } from "../../../jobs/registry.ts";
import { jobs } from "../../../shared/catalogue.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { quarry } from "../../support/quarry.ts";
import { afterMarket } from "../../support/simulated-warehouse.ts";
import { passingTables } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";
import { backfillFacts } from "./backfill.ts";

const market = simulateMarket({
  seed: 8,
  securities: 9,
  from: parseTradingDay("2020-01-02"),
  to: parseTradingDay("2021-12-31"),
});
const nowMs = afterMarket(market) + 86_400_000;
const companies = [...new Set(market.listings.map(({ issuer }) => issuer))].map((issuer) => ({
  name: issuer,
  issuer,
}));

/** All that the tables say of what was reported, but for when and by which run it came. */
async function contentsOf(warehouse: Warehouse): Promise<unknown> {
  const [contents] = await warehouse.rows(
    `SELECT (SELECT count() FROM facts) AS facts,
       (SELECT toString(sum(cityHash64(issuer_id, taxonomy, concept, unit, ifNull(toInt32(period_start), 0), period_end, value, accession, form, filed, capture))) FROM facts) AS hash,
       (SELECT count() FROM filings FINAL) AS filings,
       (SELECT toString(sum(cityHash64(issuer_id, accession, form, filed, known_at, known_by))) FROM filings FINAL) AS times,
       (SELECT toString(sum(cityHash64(issuer_id, attribute, value, ifNull(toInt32(from_day), 0)))) FROM issuer_attributes FINAL) AS attributes`,
  );
  return contents;
}

describe("a backfill of facts", () => {
  const warehouse = useWarehouse();
  const folder = useTempFolder();
  let byApi: unknown;

  const backfill = async (
    asked: Partial<Parameters<typeof backfillFacts>[1]> = {},
    failures: readonly FailureRule<EdgarFault | LineFault>[] = [],
    atMs = nowMs,
  ) => {
    await using edgar = await startEdgar(market, { now: atMs, failures });
    const report = await backfillFacts(warehouse(), { url: edgar.url, nowMs: atMs, ...asked });
    return { report, requests: [...edgar.requests] };
  };

  it("brings companies by the API: facts, filings with their times, names", async () => {
    const { report, requests } = await backfill({ companies });
    assert.deepEqual([report.failed, report.missing], [[], []]);
    assert.equal(report.fetched, companies.length);
    assert.ok(report.loaded.facts > 5000);
    assert.ok(requests.length >= 2 * companies.length, "facts, submissions, and pages of them");
    assert.ok(requests.some(({ path }) => path.includes("-submissions-001")));
    byApi = await contentsOf(warehouse());
    const times = await warehouse().rows<{ by: string }>(
      "SELECT DISTINCT known_by AS by FROM filings FINAL ORDER BY by",
    );
    assert.deepEqual(
      times.map(({ by }) => by),
      ["acceptance", "filing day"],
    );
    assert.deepEqual(await passingTables(warehouse()), []);
  });

  it("asks for nothing the second time, and leaves the same tables", async () => {
    const { report, requests } = await backfill({ companies });
    assert.deepEqual([report.fetched, report.held, requests.length], [0, companies.length, 0]);
    assert.deepEqual(await contentsOf(warehouse()), byApi);
  });

  it("by the zips on top leaves each fact once, and its time", async () => {
    const { report, requests } = await backfill();
    assert.deepEqual([report.fetched, report.companies], [1, companies.length]);
    assert.equal(report.loaded.facts, 0);
    assert.deepEqual([report.loaded.changed, report.loaded.vanished], [0, 0]);
    assert.ok(report.loaded.held > 5000);
    assert.ok(
      requests.every(({ status }) => status === 206),
      "read by ranges",
    );
    assert.deepEqual(await contentsOf(warehouse()), byApi);
    const later = await backfill({ companies });
    assert.equal(later.requests.length, 0, "and the zips count for the companies in them");
  });

  it("keeps every body as it was sent, whichever way it came", async () => {
    const captures = await warehouse().rows<{ capture: string; issuer: string }>(
      "SELECT DISTINCT capture, issuer_id AS issuer FROM facts",
    );
    const { objects } = jobDeps(warehouse(), nowMs);
    for (const { capture, issuer } of captures) {
      const bytes = await getCapture(objects, "edgar", capture);
      assert.equal((JSON.parse(bytes!.toString()) as { cik: number }).cik, Number(issuer));
    }
    assert.equal(captures.length, companies.length);
  });

  it("a day later brings what was filed since, and flags what changed or vanished under its accession", async () => {
    const [some] = await warehouse().rows<{ issuer: string; accession: string }>(
      "SELECT issuer_id AS issuer, max(accession) AS accession FROM facts GROUP BY issuer_id ORDER BY issuer LIMIT 1",
    );
    // As if EDGAR had told it otherwise before: the value is another one, and one fact more.
    await warehouse().command(
      `ALTER TABLE facts UPDATE value = value + 1 WHERE issuer_id = {issuer:String} AND accession = {accession:String} AND concept = 'Assets'
       SETTINGS mutations_sync = 2`,
      some,
    );
    await warehouse().command(
      `INSERT INTO facts SELECT source, issuer_id, taxonomy, 'Invented', unit, period_start, period_end, value, accession, form, filed, capture, run_id, ingested_at
       FROM facts WHERE issuer_id = {issuer:String} AND accession = {accession:String} AND concept = 'Assets' LIMIT 1`,
      some,
    );
    const { report } = await backfill(
      { companies: [{ name: some!.issuer, issuer: undefined }] },
      [],
      nowMs + 86_400_000,
    );
    assert.equal(report.fetched, 1);
    assert.equal(report.loaded.vanished, 1);
    assert.ok(report.loaded.changed >= 1);
    const flags = await warehouse().rows<{ flag: string; concept: string; by: number | null }>(
      "SELECT DISTINCT flag, concept, new_value - value AS by FROM fact_flags FINAL ORDER BY flag",
    );
    assert.deepEqual(flags, [
      { flag: "changed", concept: "Assets", by: -1 },
      { flag: "vanished", concept: "Invented", by: null },
    ]);
    const [kept] = await warehouse().rows<{ invented: number }>(
      "SELECT countIf(concept = 'Invented') AS invented FROM facts",
    );
    assert.equal(kept!.invented, 1, "nothing is deleted");
  });

  it("with --since asks for those that filed, by the daily indexes, each of which is asked for once", async () => {
    const since = parseTradingDay("2021-12-20");
    const { report, requests } = await backfill({ since }, [], nowMs + 2 * 86_400_000);
    const indexes = requests.filter(({ path }) => path.includes("daily-index"));
    assert.ok(indexes.length >= 8);
    assert.equal(report.units, report.held + report.fetched);
    const again = await backfill({ since }, [], nowMs + 2 * 86_400_000);
    const asked = again.requests.filter(
      ({ path, status }) => path.includes("daily-index") && status === 200,
    );
    assert.equal(asked.length, 0);
  });

  it("tells what is unknown, and takes in the rest", async () => {
    const issuer = companies[0]!.issuer;
    const names = ["NOSUCH", "123", issuer].map((name) => ({ name, issuer: undefined }));
    const { report } = await backfill({ companies: names }, [], nowMs + 9 * 86_400_000);
    assert.deepEqual(
      report.failed.map(({ key, reason }) => [key, reason]),
      [
        ["NOSUCH", "unknown_ticker"],
        ["0000000123", "unknown_company"],
      ],
    );
    assert.equal(report.fetched, 1);
  });

  describe("with trouble", () => {
    const one = companies.slice(1, 2);
    let day = 20;
    const attempt = (...failures: FailureRule<EdgarFault | LineFault>[]) =>
      backfill({ companies: one }, failures, nowMs + 86_400_000 * day++);

    it("asks again after a cut, a 5xx and a 429", async () => {
      const reply = (status: number) => ({
        kind: "reply" as const,
        reply: { status, contentType: "text/plain", body: "", headers: { "retry-after": "1" } },
      });
      const { report, requests } = await attempt(
        { fault: { kind: "cut" }, when: (path) => path.includes("companyfacts"), times: 1 },
        { fault: reply(503), when: (path) => /submissions\/CIK\d+\.json/.test(path), times: 1 },
        { fault: reply(429), when: (path) => path.includes("-submissions-"), times: 1 },
      );
      assert.deepEqual([report.fetched, report.failed], [1, []]);
      assert.ok(requests.some(({ status }) => status === 429));
    }).timeout(20_000);

    it("takes half a body for malformed, and nothing of it comes in", async () => {
      const before = await contentsOf(warehouse());
      const { report } = await attempt({
        fault: { kind: "half-body" },
        when: (path) => path.includes("companyfacts"),
      });
      assert.equal(report.failed[0]!.reason, "malformed");
      assert.deepEqual(await contentsOf(warehouse()), before);
      assert.equal((await attempt()).report.fetched, 1, "and is asked for again");
    });

    it("without facts says so, and keeps the rest", async () => {
      const { report } = await attempt({
        fault: {
          kind: "reply",
          reply: { status: 404, contentType: "application/xml", body: "<Code>NoSuchKey</Code>" },
        },
        when: (path) => path.includes("companyfacts"),
      });
      assert.deepEqual([report.without_facts, report.failed], [[one[0]!.issuer], []]);
    });

    it("is refused as an undeclared tool: the sentence names the contact", async () => {
      const body =
        "<title>SEC.gov | Your Request Originates from an Undeclared Automated Tool</title>";
      await assert.rejects(
        attempt({
          fault: { kind: "reply", reply: { status: 403, contentType: "text/html", body } },
        }),
        { name: "SourceRejected", message: /EDGAR_CONTACT/ },
      );
    });

    it("reads a zip on where a reply broke off", async () => {
      const failures = [{ fault: { kind: "cut" }, times: 1 }] as const;
      const { report } = await backfill({}, failures, nowMs + 86_400_000 * 300);
      assert.deepEqual([report.fetched, report.failed], [1, []]);
    }).timeout(20_000);
  });

  it("is what a schedule of Lambda runs, by its arguments", async () => {
    const atMs = nowMs + 86_400_000 * 400;
    await using edgar = await startEdgar(market, { now: atMs });
    const deps = jobDeps(warehouse(), atMs, {
      EDGAR_BASE_URL: edgar.url,
      EDGAR_CONTACT: "Test test@example.com",
      EDGAR_RATE: "5000",
    });
    const tickers = [companies[0]!.issuer];
    const report = (await runRegistered(
      "backfill facts",
      { tickers },
      deps,
      noSignal,
      noSignal,
    )) as {
      fetched: number;
    };
    assert.equal(report.fetched, 1);
    const { arguments: since } = jobs["daily-facts"].schedule.input;
    const daily = await runRegistered("backfill facts", since, deps, noSignal, noSignal);
    assert.deepEqual((daily as { failed: unknown[] }).failed, []);
    await assert.rejects(
      runRegistered("backfill facts", { since: "soon" }, deps, noSignal, noSignal),
      {
        name: "InvalidInput",
      },
    );
  });

  it("refuses what is no zip, and goes on past an entry that is no JSON", async () => {
    const path = join(folder(), "no.zip");
    writeFileSync(path, "this is not a zip");
    const { report } = await backfill({ bulk: path });
    assert.equal(report.failed[0]!.reason, "malformed");
    assert.match(report.failed[0]!.message, /no\.zip is no whole zip/);
    const { ZipFile } = await import("yazl");
    const { buffer } = await import("node:stream/consumers");
    const zip = new ZipFile();
    const fact = {
      end: "2020-12-31",
      val: 7,
      accn: "0000000077-21-000001",
      form: "10-K",
      filed: "2021-02-01",
    };
    const body = { cik: 77, facts: { "us-gaap": { Assets: { units: { USD: [fact] } } } } };
    zip.addBuffer(Buffer.from("{ no JSON"), "CIK0000000078.json");
    zip.addBuffer(Buffer.from(JSON.stringify(body)), "CIK0000000077.json");
    zip.end({ forceZip64Format: true, comment: "" });
    const whole = await buffer(zip.outputStream);
    writeFileSync(path, whole);
    const good = (await backfill({ bulk: path })).report;
    assert.deepEqual([good.loaded.facts, good.damaged.entries], [1, 1]);
    assert.match(good.damaged.first, /CIK0000000078\.json: Expected/);
    writeFileSync(path, whole.subarray(0, whole.length - 30));
    assert.equal((await backfill({ bulk: path })).report.failed[0]!.reason, "malformed");
  });

  it("ends where a body can't be kept, and tells of nothing as done", async () => {
    await using edgar = await startEdgar(market, { now: nowMs });
    const reply = await fetch(`${edgar.url}/Archives/edgar/daily-index/xbrl/companyfacts.zip`, {
      headers: { "user-agent": "Test test@example.com" },
    });
    const path = join(folder(), "facts.zip");
    writeFileSync(path, Buffer.from(await reply.arrayBuffer()));
    const deps = jobDeps(warehouse(), nowMs);
    let kept = 0;
    const objects = {
      ...deps.objects,
      putIfAbsent: (key: string, bytes: Uint8Array) =>
        key.startsWith("captures/") && ++kept === 2
          ? Promise.reject(new Error("no room left"))
          : deps.objects.putIfAbsent(key, bytes),
    };
    const day = parseTradingDay("2021-12-31");
    const unit = {
      kind: "bulk",
      companyFacts: path,
      submissions: undefined,
      basis: "x",
      from: day,
      to: day,
    } as const;
    const edgarLane = { get: () => Promise.reject(new Error("it is not asked")) };
    await assert.rejects(
      fetchBulk(unit, { ...deps, objects, source: "edgar", edgar: edgarLane }, noSignal),
      /no room left/,
    );
  });

  it("keeps to the lane's rate before a server that bans above ten a second", async () => {
    await using edgar = await startEdgar(market, { now: nowMs, limit: edgarLimit });
    const home = join(folder(), "home");
    const list = companies.map(({ issuer }) => issuer).join(",");
    const { code, stderr } = await quarry(["backfill", "facts", "--tickers", list], {
      home,
      environment: { EDGAR_BASE_URL: edgar.url, EDGAR_CONTACT: "Test test@example.com" },
    });
    assert.equal(code, 0, stderr);
    const times = edgar.requests.map(({ atMs }) => atMs);
    assert.ok(edgar.requests.every(({ status }) => status !== 403));
    for (const [at, ms] of times.entries()) assert.ok(!(times[at + 10]! - ms < 1000));
    const perSecond = ((times.length - 1) * 1000) / (times.at(-1)! - times[0]!);
    assert.ok(perSecond <= 8.1 && perSecond >= 6, `${perSecond}`);
    const none = await quarry(["backfill", "facts", "--tickers", "AAPL"], {
      home,
      environment: { EDGAR_BASE_URL: edgar.url },
    });
    assert.deepEqual([none.code, none.stdout], [2, ""]);
    assert.match(none.stderr, /EDGAR_CONTACT: .*e-mail address.*got nothing/);
    const table = await quarry(["facts", companies[2]!.issuer, "Assets", "--json"], { home });
    const rows = JSON.parse(table.stdout) as Record<string, unknown>[];
    assert.deepEqual(Object.keys(rows[0]!), [
      "concept",
      "unit",
      "period_start",
      "period_end",
      "value",
      "form",
      "accession",
      "filed",
      "known_at",
      "derived",
    ]);
    assert.equal(rows[0]!["period_start"], null);
  }).timeout(120_000);
});
