import assert from "node:assert/strict";
import { backfill } from "../../../jobs/backfill-filings/backfill.ts";
import { dataset } from "../../../jobs/backfill-filings/dataset.ts";
import { buyAlone } from "../../../shared/backfill/buy-here.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { getCapture } from "../../../shared/objects/capture.ts";
import { startEdgar } from "../../../shared/simulator/edgar/server.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket } from "../../support/simulated-warehouse.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";

const market = simulateMarket({
  seed: 8,
  securities: 6,
  from: parseTradingDay("2020-01-02"),
  to: parseTradingDay("2021-12-31"),
});
const nowMs = afterMarket(market) + 86_400_000;

describe("a backfill of filings", () => {
  const warehouse = useWarehouse();

  const run = async (
    names: readonly string[],
    forms: readonly string[],
    { gone = "nothing", exhibits = false } = {},
  ) => {
    const fault = {
      kind: "reply" as const,
      reply: { status: 403, contentType: "application/xml", body: "<Code>AccessDenied</Code>" },
    };
    const failures = [{ fault, when: (path: string) => path.includes(gone) }];
    await using edgar = await startEdgar(market, { now: nowMs, failures });
    const deps = jobDeps(warehouse(), nowMs, {
      EDGAR_BASE_URL: edgar.url,
      EDGAR_CONTACT: "Test test@example.com",
      EDGAR_RATE: "5000",
    });
    const args = {
      source: "simulated",
      companies: names.map((name) => ({ name, issuer: undefined })),
      forms,
      from: parseTradingDay("2020-06-01"),
      to: parseTradingDay("2021-12-31"),
      exhibits,
    };
    const parsed = backfill.argsOf({
      source: "simulated",
      parameters: JSON.parse(JSON.stringify(backfill.parametersOf(args))) as Record<
        string,
        unknown
      >,
    });
    const report = await backfill.run(
      parsed,
      {
        ...deps,
        buy: (plan, stop) => buyAlone(dataset, plan, deps, stop),
      },
      noSignal,
    );
    return { report, requests: [...edgar.requests] };
  };
  const issuers = [...new Set(market.listings.map(({ issuer }) => issuer))].slice(0, 3);

  it("keeps the documents as they were sent, and the text of reports by item", async () => {
    const { report } = await run(issuers, ["10-K", "10-Q"]);
    assert.deepEqual([report.failed, report.missing, report.without_items], [[], [], []]);
    assert.ok(report.fetched > 10);
    assert.equal(report.loaded.documents, report.fetched);
    const items = await warehouse().rows<{ form: string; items: string }>(
      `SELECT form, arrayStringConcat(arraySort(groupUniqArray(item)), ' ') AS items
       FROM filing_items AS i INNER JOIN (SELECT accession, if(countIf(item = '7') > 0, '10-K', '10-Q') AS form FROM filing_items GROUP BY accession) AS f
         ON i.accession = f.accession GROUP BY form ORDER BY form`,
    );
    assert.deepEqual(items, [
      { form: "10-K", items: "1 1A 1B 7 8" },
      { form: "10-Q", items: "I-1 I-2 II-1 II-1A" },
    ]);
    const [risks] = await warehouse().rows<{ text: string; title: string }>(
      "SELECT text, title FROM filing_items WHERE item = '1A' LIMIT 1",
    );
    assert.equal(risks!.title, "Risk Factors");
    assert.match(
      risks!.text,
      /^Our business is simulated\.[^<]*\n+We depend on a random generator/,
    );
    const documents = await warehouse().rows<{ capture: string; media: string; bytes: number }>(
      "SELECT capture, media_type AS media, byte_length AS bytes FROM filing_documents",
    );
    const { objects } = jobDeps(warehouse(), nowMs);
    for (const { capture, media, bytes } of documents) {
      assert.equal(media, "text/html");
      assert.equal((await getCapture(objects, "simulated", capture))!.length, bytes);
    }
  });

  it("asks for no document twice", async () => {
    const { report, requests } = await run(issuers, ["10-K", "10-Q"]);
    assert.deepEqual([report.fetched, report.held], [0, report.units]);
    assert.deepEqual(
      requests.filter(({ path }) => path.includes("/data/")),
      [],
    );
  });

  it("tells of a document that is gone, and takes in the rest", async () => {
    const others = [...new Set(market.listings.map(({ issuer }) => issuer))].slice(3);
    const { report } = await run([...others, "NOSUCH"], ["10-K", "10-Q"], {
      gone: "20201231",
    });
    const reasons = new Set(report.failed.map(({ reason }) => reason));
    assert.ok(report.fetched > 0 && reasons.has("unknown_ticker"));
    assert.ok([...reasons].every((reason) => ["unknown_ticker", "no_document"].includes(reason)));
  });

  it("brings the exhibits that are PDF, where they are asked for", async () => {
    const { report, requests } = await run(issuers.slice(0, 1), ["10-K"], { exhibits: true });
    assert.deepEqual([report.failed, report.missing], [[], []]);
    assert.equal(report.loaded.documents, 2 * report.fetched);
    assert.ok(requests.some(({ path }) => path.endsWith("/index.json")));
    const rows = await warehouse().rows<{ kind: string; media: string; capture: string }>(
      "SELECT kind, media_type AS media, capture FROM filing_documents WHERE document = 'annual-report.pdf'",
    );
    assert.ok(rows.length > 0 && rows.every(({ kind }) => kind === "exhibit"));
    const { objects } = jobDeps(warehouse(), nowMs);
    const bytes = await getCapture(objects, "simulated", rows[0]!.capture);
    assert.match(bytes!.toString("latin1"), /^%PDF-1\.4\n[^]*annual report to[^]*%%EOF\n$/);
  });
});
