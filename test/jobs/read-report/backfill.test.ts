import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { backfill, type ReportsReport } from "../../../jobs/read-report/backfill.ts";
import { dataset } from "../../../jobs/read-report/dataset.ts";
import { run as readOneReport } from "../../../jobs/read-report/job.ts";
import { planReports, type ReportPlanRequest } from "../../../jobs/read-report/plan.ts";
import { buyAlone } from "../../../shared/backfill/buy-here.ts";
import { newYorkInstant } from "../../../shared/market/new-york.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { pdfOf } from "../../../shared/simulator/pdf.ts";
import { useEnvironment } from "../../support/environment.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { fakeCredentials, localClient, useMoto } from "../../support/moto.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const market = simulateMarket({
  seed: 8,
  securities: 3,
  from: parseTradingDay("2019-01-02"),
  to: parseTradingDay("2019-12-31"),
  delistingsPerYear: 0,
  lateStarts: 0,
});
const nowMs = afterMarket(market);
const [first, second] = market.listings.map(({ ticker }) => ticker) as [string, string];
const report = (words: string): Promise<Uint8Array> =>
  pdfOf([
    `Letter to our shareholders. On behalf of our people we are proud of ${words}.`,
    "Risk factors. Litigation and uncertain demand could harm us adversely in many markets.",
  ]);

describe("a backfill of reports", () => {
  const warehouse = useSimulatedWarehouse(market);
  const folder = useTempFolder();

  async function run(where: string): Promise<ReportsReport> {
    const deps = jobDeps(warehouse(), nowMs);
    const asked: ReportPlanRequest = { provider: "local", model: undefined, where, concurrency: 2 };
    const parameters = JSON.parse(JSON.stringify(backfill.parametersOf(asked))) as Record<
      string,
      unknown
    >;
    return backfill.run(
      backfill.argsOf({ source: "local", parameters }),
      { ...deps, buy: (plan, stop) => buyAlone(dataset, { ...plan, parameters }, deps, stop) },
      noSignal,
    );
  }

  async function put(name: string, bytes: Uint8Array | string): Promise<string> {
    const path = join(folder(), "inbox", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    return path;
  }

  const rows = (): Promise<Record<string, unknown>[]> =>
    warehouse().rows(
      "SELECT ticker, toString(period_end) AS period, state, toUnixTimestamp(known_at) AS known, report, security_id AS security FROM reports FINAL ORDER BY ticker, period",
    );

  it("reads what is in a folder, by key or by the file beside it, and says what it can't", async () => {
    await put(`reports/${first}/2019-03-31/2019-05-01/a.pdf`, await report("strong growth"));
    await put("others/b.pdf", await report("weak sales"));
    await put(
      "others/b.json",
      JSON.stringify({ ticker: second, period_end: "2019-06-30", published: "2019-08-01" }),
    );
    await put("others/nobody.pdf", await report("nothing"));
    await put(`reports/${second}/2018-12-31/2018-12-01/early.pdf`, await report("x"));
    await put(`reports/${second}/2018-12-31/2019-03-01/no.pdf`, "no PDF at all");
    const told = await run(join(folder(), "inbox"));
    assert.deepEqual(
      [told.reports, told.read, told.loaded, told.unlinked, told.states],
      [5, 2, 2, 0, { scored: 2 }],
    );
    assert.deepEqual(told.failed.map(({ reason }) => reason).sort(), [
      "days",
      "unidentified",
      "unreadable",
    ]);
    assert.match(backfill.failureOf(told)!.message, /^3 of 5 reports failed/);
    const [one, two] = await rows();
    assert.deepEqual(
      [one!["ticker"], one!["period"], one!["known"]],
      [first, "2019-03-31", newYorkInstant(parseTradingDay("2019-05-02"), 0) / 1000],
    );
    assert.deepEqual([two!["ticker"], two!["period"]], [second, "2019-06-30"]);
  });

  it("is the same that the command reads, and reads nothing twice", async () => {
    const before = await rows();
    const again = await run(join(folder(), "inbox"));
    // A file that is none is tried again: it may have been mended.
    assert.deepEqual([again.held, again.read, again.bought, again.loaded], [2, 0, 0, 0]);
    const path = join(folder(), `inbox/reports/${first}/2019-03-31/2019-05-01/a.pdf`);
    const one = await readOneReport(
      {
        provider: "local",
        model: undefined,
        path,
        file: path,
        identity: {
          ticker: first,
          periodEnd: parseTradingDay("2019-03-31"),
          published: parseTradingDay("2019-05-01"),
        },
      },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );
    assert.equal(one.bought, 0);
    assert.deepEqual(await rows(), before);
  });

  it("reads a file anew that changed", async () => {
    await put("others/b.pdf", await report("the best year in the history of our company"));
    const told = await run(join(folder(), "inbox"));
    assert.deepEqual([told.held, told.read, told.loaded], [1, 1, 1]);
    assert.equal((await rows()).filter(({ ticker }) => ticker === second).length, 2);
  });

  it("keeps a report of a company that nothing trades under yet, and links it later", async () => {
    await put("reports/NEW/2019-06-30/2019-08-01/a.pdf", await report("growth"));
    const told = await run(join(folder(), "inbox"));
    assert.deepEqual([told.loaded, told.unlinked], [1, 1]);
    await warehouse().command(
      `INSERT INTO tickers SELECT security_id, 'NEW', toDate('2019-01-02'), NULL, known_at, ingested_at FROM tickers WHERE ticker = '${first}' LIMIT 1`,
    );
    const later = await run(join(folder(), "inbox"));
    assert.deepEqual([later.read, later.loaded, later.unlinked], [0, 1, 0]);
    const of = (await rows()).filter(({ ticker }) => ticker === "NEW");
    assert.ok(of.some(({ security }) => security !== "ticker:NEW"));
  });

  it("plans by what a report takes, and wants a place that has some", async () => {
    const deps = jobDeps(warehouse(), nowMs, { BEDROCK_TOKENS_PER_MINUTE: "600000" });
    const plan = (where: string) =>
      planReports(
        {
          provider: "bedrock",
          model: "anthropic.claude-haiku-4-5-20251001-v1:0",
          where,
          concurrency: 1,
        },
        { ...deps, nowMs, warehouse: () => Promise.resolve(warehouse()) },
      );
    const { units, estimate } = await plan(join(folder(), "inbox"));
    assert.equal(units.length, 4);
    const { in: read, out } = estimate.tokens;
    assert.ok(Math.abs(estimate.dollars.tokens! - (read + 5 * out) / 1e6) < 1e-9);
    assert.ok(Math.abs(estimate.lane!.seconds - (read + out) / 10_000) < 1e-9);
    await mkdir(join(folder(), "empty"), { recursive: true });
    await assert.rejects(plan(join(folder(), "empty")), {
      name: "InvalidInput",
      message: /expected a folder, or s3:\/\/bucket\/prefix, with PDFs: it has none/,
    });
    await assert.rejects(plan(join(folder(), "nowhere")), {
      name: "InvalidInput",
      message: /no such folder/,
    });
  });

  describe("in S3", () => {
    const url = useMoto();
    const set = useEnvironment();

    it("reads what is under a prefix, known when it came", async () => {
      set({
        AWS_ENDPOINT_URL_S3: url(),
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: fakeCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: fakeCredentials.secretAccessKey,
      });
      const client = localClient(url());
      await client.send(
        new CreateBucketCommand({
          Bucket: "inbox",
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        }),
      );
      for (const [Key, Body] of [
        [`reports/${first}/2018-12-31/a name with spaces.pdf`, await report("hope")],
        ["reports/c.pdf", await report("caution")],
        ["reports/c.json", JSON.stringify({ ticker: second, period_end: "2018-12-31" })],
        ["elsewhere/d.pdf", "not looked at"],
      ] as const) {
        await client.send(new PutObjectCommand({ Bucket: "inbox", Key, Body }));
      }
      const report1 = await run("s3://inbox/reports/");
      assert.deepEqual([report1.reports, report1.read, report1.failed], [2, 2, []]);
      const now = Date.now() / 1000;
      const found = (await rows()).filter(({ period }) => period === "2018-12-31");
      assert.equal(found.length, 2);
      // Nobody said when they were published: the bucket says when they came.
      for (const { known } of found) assert.ok(Math.abs(Number(known) - now) < 600);
      client.destroy();
    });
  });
});
