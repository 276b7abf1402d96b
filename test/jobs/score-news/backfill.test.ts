import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backfill, type ScoresReport } from "../../../jobs/score-news/backfill.ts";
import { dataset } from "../../../jobs/score-news/dataset.ts";
import { run as importNews } from "../../../jobs/import-news/job.ts";
import { planScores, type ScorePlanRequest } from "../../../jobs/score-news/plan.ts";
import { run as score } from "../../../jobs/score-news/job.ts";
import { buyAlone } from "../../../shared/backfill/buy-here.ts";
import { runIds, talliesOf } from "../../../shared/backfill/runs.ts";
import { fileStore } from "../../../shared/objects/file-store.ts";
import { acquireLease } from "../../../shared/backfill/lease.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { startBedrock, type BedrockOptions } from "../../../shared/simulator/bedrock/server.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { promptOf, readPromptText } from "../../../shared/text/prompt.ts";
import { scoreKey } from "../../../shared/text/score-ledger.ts";
import { sentimentRequest } from "../../../shared/text/sentiment.ts";
import { bedrockAt, useEnvironment } from "../../support/environment.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { quarry } from "../../support/quarry.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const market = simulateMarket({
  seed: 8,
  securities: 3,
  from: parseTradingDay("2020-01-02"),
  to: parseTradingDay("2020-06-30"),
  delistingsPerYear: 0,
});
const nowMs = afterMarket(market);
const { ticker } = market.listings[0]!;
const modelId = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

/** One article in a file's line. */
const line = (number: number, published: string, words: string): string =>
  JSON.stringify({
    url: `https://example.org/${number}`,
    title: `Story ${number}`,
    text: words,
    publisher: "example.org",
    published_at: published,
    tickers: [ticker],
  });

describe("scores of news by the day", () => {
  const warehouse = useSimulatedWarehouse(market);
  const folder = useTempFolder();
  const set = useEnvironment();
  let request: ScorePlanRequest;

  async function bring(...lines: string[]): Promise<void> {
    const file = join(folder(), "news.jsonl");
    await writeFile(file, lines.join("\n"));
    await importNews(
      { file, source: "archive", lossBudget: 0 },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );
  }

  const settings = { AWS_REGION: "us-east-1", BEDROCK_TOKENS_PER_MINUTE: "6000000" };

  /** Runs the backfill as a run's record would tell it. */
  async function run(
    options: BedrockOptions = {},
    changes: Partial<ScorePlanRequest> = {},
  ): Promise<ScoresReport & { asked: number }> {
    let asked = 0;
    await using bedrock = await startBedrock({ ...options, asked: () => asked++ });
    set(bedrockAt(bedrock.url));
    const deps = jobDeps(warehouse(), nowMs, settings);
    const args = { ...request, ...changes };
    const parameters = JSON.parse(JSON.stringify(backfill.parametersOf(args))) as Record<
      string,
      unknown
    >;
    const report = await backfill.run(
      backfill.argsOf({ source: backfill.sourceOf(args), parameters }),
      { ...deps, buy: (plan, stop) => buyAlone(dataset, { ...plan, parameters }, deps, stop) },
      noSignal,
    );
    return { ...report, asked };
  }

  const held = async (columns: string): Promise<Record<string, unknown>[]> =>
    warehouse().rows(`SELECT ${columns} FROM scores FINAL ORDER BY subject`);

  before(async () => {
    request = {
      provider: "bedrock",
      model: modelId,
      prompt: await readPromptText("news-sentiment"),
      from: undefined,
      to: undefined,
      tickers: undefined,
      concurrency: 8,
    };
    await bring(
      line(1, "2020-02-03T15:00:00Z", "Record profit and strong growth in every region of it."),
      line(2, "2020-02-03T23:00:00Z", "A lawsuit was filed over losses that nobody had expected."),
      // The fifth in New York, the sixth in UTC.
      line(3, "2020-02-06T03:00:00Z", "Nothing happened at the meeting that shareholders held."),
    );
  });
  const plan = (changes: Partial<ScorePlanRequest> = {}) => {
    const deps = jobDeps(warehouse(), nowMs, settings);
    return planScores(
      { ...request, ...changes },
      { ...deps, nowMs, warehouse: () => Promise.resolve(warehouse()) },
    );
  };

  it("are planned by tokens: what the texts and the instructions take, at the model's price and lane", async () => {
    const { all, estimate, source } = await plan();
    assert.equal(source, "bedrock-us.anthropic.claude-haiku-4-5-20251001-v1-0");
    assert.deepEqual(
      all.map(({ to, stories }) => [to, stories]),
      [
        ["2020-02-03", 2],
        ["2020-02-05", 1],
      ],
    );
    assert.equal(estimate.requests, 3);
    // Titles, two line feeds and texts: 65, 68 and 65 characters by hand.
    const characters = all.reduce((sum, unit) => sum + unit.characters, 0);
    assert.equal(
      characters,
      3 * "Story 1\n\n".length +
        "Record profit and strong growth in every region of it.".length +
        "A lawsuit was filed over losses that nobody had expected.".length +
        "Nothing happened at the meeting that shareholders held.".length,
    );
    assert.equal(estimate.tokens.out, 3 * 64);
    const { in: read, out } = estimate.tokens;
    assert.ok(Math.abs(estimate.dollars.tokens! - (read * 1 + out * 5) / 1e6) < 1e-12);
    assert.equal(estimate.lane!.unit, "tokens");
    assert.ok(Math.abs(estimate.lane!.seconds - (read + out) / 100_000) < 1e-9);
    const local = await plan({ provider: "local", model: undefined });
    assert.deepEqual(
      [local.source, local.estimate.lane, local.estimate.dollars.tokens],
      ["local", null, 0],
    );
    const unknown = await plan({ model: "some.model-1" });
    assert.equal(unknown.estimate.dollars.tokens, null);
  });

  it("are bought once, and are those that the command makes", async () => {
    const first = await run();
    assert.deepEqual(
      [first.days, first.scored, first.stories, first.bought, first.asked, first.loaded],
      [2, 2, 3, 3, 3, 3],
    );
    assert.ok(first.spent_usd! > 0);
    const rows = await held("subject, score_key, value, toString(known_at) AS known, run_id");
    assert.deepEqual(rows.map(({ known }) => known).sort(), [
      "2020-02-03 15:00:00",
      "2020-02-03 23:00:00",
      "2020-02-06 03:00:00",
    ]);
    const second = await run();
    assert.deepEqual([second.held, second.scored, second.asked, second.loaded], [2, 0, 0, 0]);
    // The command finds all of them in the ledger of scores.
    const command = await score(
      {
        provider: "bedrock",
        model: modelId,
        from: undefined,
        to: undefined,
        tickers: undefined,
        prompt: undefined,
        budgetUsd: undefined,
        concurrency: 4,
      },
      jobDeps(warehouse(), nowMs, settings),
      noSignal,
    );
    assert.deepEqual([command.bought, command.states], [0, { scored: 3 }]);
    assert.equal(command.score_set, first.score_set);
    assert.deepEqual(
      (await held("score_key, value")).map(({ score_key, value }) => [score_key, value]),
      rows.map(({ score_key, value }) => [score_key, value]),
    );
  });

  it("of a day to which a story came are made again, and that story alone is asked for", async () => {
    await bring(
      line(4, "2020-02-03T20:00:00Z", "The board raised its outlook for the whole year again."),
    );
    const { partitions } = await plan();
    assert.deepEqual([partitions.stale, partitions.done], [1, 1]);
    const report = await run();
    assert.deepEqual([report.held, report.scored, report.stories, report.asked], [1, 1, 3, 1]);
    assert.equal((await held("subject")).length, 4);
  });

  it("of a day that can't be bought stay missing; the next run asks for what is left", async () => {
    await bring(
      line(5, "2020-02-10T15:00:00Z", "Profit rose, and the dividend rose with it as promised."),
      line(6, "2020-02-11T15:00:00Z", "The plant burned down, and insurance will not pay for it."),
    );
    const access: BedrockOptions = { models: ["another"] };
    await assert.rejects(run(access), { name: "SourceRejected", message: /enable the model/ });
    const again = await run();
    assert.deepEqual([again.scored, again.asked, again.missing.length], [2, 2, 0]);
  });

  it("keep what was bought of a day that was not finished", async () => {
    await bring(
      line(7, "2020-02-12T15:00:00Z", "Orders doubled in a quarter that had looked very weak."),
      line(8, "2020-02-12T16:00:00Z", "Auditors resigned, and the accounts are late once more."),
    );
    // Another process is at one of them.
    const text = "Story 8\n\nAuditors resigned, and the accounts are late once more.";
    const prompt = promptOf(request.prompt);
    const of = { provider: "bedrock", model: modelId, parameters: { temperature: 0 } };
    const { key } = scoreKey(sentimentRequest(text, prompt), of);
    const { objects } = jobDeps(warehouse(), nowMs);
    const claimed = `claims/scores/${key.slice(0, 2)}/${key}.json`;
    const claim = (await acquireLease(objects, claimed, "somebody", 60_000))!;
    const throttled = await run();
    await claim.release();
    assert.equal(throttled.asked, 1);
    const error = backfill.failureOf(throttled)!;
    assert.match(error.message, /1 of 5 days of news were not asked for, as the model stopped/);
    const again = await run();
    assert.deepEqual([again.scored, again.stories, again.asked], [1, 2, 1]);
  });

  it("are made by the command line, over children that have no database", async function () {
    this.timeout(60_000);
    const home = join(folder(), "home");
    const file = join(folder(), "archive.jsonl");
    const lines = Array.from({ length: 60 }, (_, number) =>
      line(
        number,
        `2020-${String(1 + (number % 3)).padStart(2, "0")}-${String(1 + (number % 28)).padStart(2, "0")}T15:00:00Z`,
        `Profit of unit ${number} rose by ${number * 7} percent, said person ${number * 31} about plan ${number * 17}.`,
      ),
    );
    await writeFile(file, lines.join("\n"));
    const prices = join(folder(), "prices.csv");
    await writeFile(
      prices,
      `ticker,date,open,high,low,close,volume\n${ticker},2020-01-02,1,1,1,1,1\n${ticker},2020-03-31,1,1,1,1,1\n`,
    );
    for (const command of [
      ["import", "prices", prices, "--source", "file", "--basis", "raw"],
      ["import", "news", file, "--source", "archive"],
    ]) {
      const { code, stderr } = await quarry(command, { home });
      assert.equal(code, 0, stderr);
    }
    const { code, stdout, stderr } = await quarry(
      ["backfill", "scores", "--provider", "local", "--json"],
      { home },
    );
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as ScoresReport;
    // Some tell nearly the same.
    assert.ok(report.stories > 50 && report.days > 50);
    assert.deepEqual([report.scored, report.loaded], [report.days, report.stories]);
    const objects = fileStore(join(home, "objects"));
    const [runId] = await runIds(objects);
    const tallies = await talliesOf(objects, runId!);
    assert.equal(tallies.length, 2);
    assert.equal(
      tallies.reduce((sum, { done }) => sum + done, 0),
      report.days,
    );
    const query = await quarry(
      ["query", "SELECT countIf(value > 0) AS positive FROM scores FINAL", "--json"],
      { home },
    );
    assert.match(query.stdout, new RegExp(`"positive": ?"?${report.stories}`));
  });
});
