import assert from "node:assert/strict";
import { run as audit } from "../../../jobs/audit-lookahead/job.ts";
import { run as leak } from "../../../jobs/audit-llm-leak/job.ts";
import { backfill } from "../../../jobs/backfill-news/backfill.ts";
import { dataset } from "../../../jobs/backfill-news/dataset.ts";
import { run as compute } from "../../../jobs/compute-factors/job.ts";
import {
  plan,
  run,
  type ScoreNewsArgs,
  type ScoreNewsReport,
} from "../../../jobs/score-news/job.ts";
import { buyAlone } from "../../../shared/backfill/buy-here.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { textInputsOf } from "../../../shared/factors/text-at-sessions.ts";
import { scoreSetsOf } from "../../../shared/text/read-signals.ts";
import { exportPanel } from "../../../shared/factors/panel/export-panel.ts";
import { computeFromPanel } from "../../../shared/factors/panel/compute-from-panel.ts";
import { readManifest } from "../../../shared/factors/panel/manifest.ts";
import { sessionCloseMs } from "../../../shared/market/calendar.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { noProgress } from "../../../shared/progress.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { simulatedKey, startTavily } from "../../../shared/simulator/tavily/server.ts";
import { readScore } from "../../../shared/text/score-record.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";

const market = simulateMarket({
  seed: 8,
  securities: 8,
  from: parseTradingDay("2020-01-02"),
  to: parseTradingDay("2020-12-31"),
  delistingsPerYear: 0,
});
const nowMs = afterMarket(market);
const library = await loadLibrary();
const news = pickFactors(library, [
  "news_sentiment_1",
  "news_sentiment_14",
  "news_sentiment_5",
  "news_sentiment_decayed",
  "news_surprise",
  "news_volume",
]);

describe("scores of news", () => {
  const warehouse = useSimulatedWarehouse(market);
  const usual: ScoreNewsArgs = {
    provider: "local",
    model: undefined,
    from: undefined,
    to: undefined,
    tickers: undefined,
    prompt: undefined,
    budgetUsd: undefined,
    concurrency: 8,
  };
  const deps = (environment: Record<string, string> = {}) =>
    jobDeps(warehouse(), nowMs, environment);
  const score = (args: Partial<ScoreNewsArgs> = {}): Promise<ScoreNewsReport> =>
    run({ ...usual, ...args }, deps(), noSignal);

  before(async () => {
    await using tavily = await startTavily(market, { now: nowMs });
    const own = deps({
      TAVILY_BASE_URL: tavily.url,
      TAVILY_API_KEY: simulatedKey,
      TAVILY_RATE: "1000",
    });
    await backfill.run(
      {
        source: "simulated",
        tickers: market.listings.map(({ ticker }) => ticker),
        days: 365,
        topics: ["news"],
      },
      { ...own, buy: (wanted, stop) => buyAlone(dataset, wanted, own, stop) },
      noSignal,
    );
  });

  it("are planned, bought once for each story, and there the second time", async () => {
    const before = await plan(usual, deps());
    assert.ok(before.stories > 50 && before.held === 0 && before.tokens.in > 1000);
    assert.deepEqual([before.dollars, before.minutes], [0, null]);
    const first = await score();
    assert.equal(first.bought, before.stories);
    assert.deepEqual(first.states, { scored: before.stories });
    const second = await score();
    assert.deepEqual([second.bought, second.stories], [0, first.stories]);
    assert.equal((await plan(usual, deps())).held, before.stories);
    const [held] = await warehouse().rows<Record<string, number>>(
      `SELECT count() AS scores, uniqExact(subject) AS subjects, countIf(value BETWEEN -1 AND 1) AS good,
         (SELECT uniqExact(story) FROM articles WHERE article_id IN (SELECT article_id FROM article_links)) AS stories FROM scores FINAL`,
    );
    assert.deepEqual(
      [held!["scores"], held!["subjects"], held!["good"]],
      Array(3).fill(first.stories),
    );
    assert.ok(held!["stories"]! >= first.stories);
  });

  it("can be traced to their text", async () => {
    const [row] = await warehouse().rows<{ key: string; text: string; value: number }>(
      `SELECT s.score_key AS key, a.text AS text, s.value AS value FROM scores AS s
       INNER JOIN articles AS a ON s.subject = a.article_id WHERE s.value > 0.2 LIMIT 1`,
    );
    const record = await readScore(deps().objects, row!.key);
    assert.deepEqual(record!.answer, { sentiment: row!.value });
    assert.match(row!.text, /rose|beat|raised|won/);
  });

  it("become values of the days on which the news were known, and of no earlier one", async () => {
    const from = market.sessions[20]!;
    const to = market.sessions.at(-1)!;
    await compute({ factors: news, from, to }, deps(), noSignal);
    // By hand, in another way: all stories with their scores, by the session of their first linked article.
    const rows = await warehouse().rows<{ value: number; expected: number }>(
      `SELECT v.value AS value, e.expected AS expected FROM (SELECT security_id, day, value FROM factor_values FINAL WHERE factor = 'news_sentiment_1') AS v
       INNER JOIN (
         SELECT security_id, session AS day, avg(value) AS expected FROM (
           SELECT l.security_id AS security_id, a.story AS story, min(l.known_at) AS known, any(s.value) AS value,
             (SELECT groupArray((close_at, day)) FROM (SELECT day, max(close_at) AS close_at FROM sessions GROUP BY day ORDER BY day)) AS calendar,
             arrayFirst(x -> x.1 >= known, calendar).2 AS session
           FROM article_links AS l INNER JOIN articles AS a ON l.article_id = a.article_id
           INNER JOIN scores AS s ON a.story = s.subject
           GROUP BY security_id, story)
         GROUP BY security_id, session) AS e ON v.security_id = e.security_id AND v.day = e.day`,
    );
    assert.ok(rows.length > 40, String(rows.length));
    for (const { value, expected } of rows) assert.ok(Math.abs(value - expected) < 1e-12);
    const [all] = await warehouse().rows<{ n: number }>(
      "SELECT count() AS n FROM factor_values FINAL WHERE factor = 'news_sentiment_1'",
    );
    assert.equal(all!.n, rows.length);
  });

  it("give the same bits from a panel, where there is no database", async () => {
    const own = deps();
    const to = market.sessions.at(-1)!;
    const from = market.sessions[20]!;
    const sources = [{ source: "simulated", basis: "raw" }] as const;
    const [factor] = pickFactors(library, ["news_sentiment_decayed"]);
    const scoreSets = await scoreSetsOf(warehouse(), textInputsOf([factor!]), own.settings);
    const request = { sources, to, needsMarket: false, factors: [factor!], scoreSets };
    const task = (total: number) => noProgress.start("", total);
    await exportPanel(warehouse(), own.objects, "panels/p.json", request, task, noSignal);
    const panel = (await readManifest(own.objects, "panels/p.json"))!;
    const files = await computeFromPanel(own.objects, panel, factor!, { from, to }, noSignal);
    const [held] = await warehouse().rows<{ n: number }>(
      "SELECT count() AS n FROM factor_values FINAL WHERE factor = 'news_sentiment_decayed'",
    );
    assert.ok(held!.n > 1000);
    assert.equal(
      files.reduce((sum, { rows }) => sum + rows, 0),
      held!.n,
    );
  });

  it("know nothing early: what came later is hidden, and no value changes", async () => {
    const { differences, compared } = await audit(
      { factors: news, days: [market.sessions[100]!, market.sessions[180]!] },
      deps(),
      noSignal,
    );
    assert.equal(differences, 0);
    assert.ok(compared > 1000);
  });

  it("are known no earlier than the text that was scored, though an older article of the story comes later", async () => {
    const day = market.sessions[120]!;
    const [row] = await warehouse().rows<{ story: string; security: string }>(
      `SELECT a.article_id AS story, l.security_id AS security FROM articles AS a
       INNER JOIN article_links AS l ON a.article_id = l.article_id
       WHERE a.story = a.article_id AND a.known_at > toDateTime({at:UInt32}, 'UTC') ORDER BY a.known_at, a.article_id LIMIT 1`,
      { at: Math.ceil(sessionCloseMs(day) / 1000) },
    );
    const { story, security } = row!;
    const older = `toDateTime(${Math.floor(sessionCloseMs(day) / 1000) - 3600}, 'UTC')`;
    await warehouse().command(
      `INSERT INTO articles SELECT source, 'older', story, url, title, text, publisher, topic, ${older}, first_seen, ${older}, capture, run_id, ingested_at
       FROM articles WHERE article_id = '${story}' LIMIT 1`,
    );
    await warehouse().command(
      `INSERT INTO article_links SELECT 'older', '${security}', 'name in title', ${older}, '', now()`,
    );
    const { differences } = await audit({ factors: news, days: [day] }, deps(), noSignal);
    assert.equal(differences, 0);
    for (const table of ["articles", "article_links"]) {
      await warehouse().command(
        `ALTER TABLE ${table} DELETE WHERE article_id = 'older' SETTINGS mutations_sync = 2`,
      );
    }
  });

  it("and their times are audited: an article that is said to be older than it is", async () => {
    const day = [market.sessions[100]!];
    const rule = async (): Promise<number> =>
      (await audit({ factors: news.slice(0, 1), days: day }, deps(), noSignal)).known_at.rules.find(
        ({ rule: words }) => words.startsWith("an article is known"),
      )!.broken;
    assert.equal(await rule(), 0);
    await warehouse().command(
      `INSERT INTO articles SELECT 'simulated', 'planted', 'planted', url, title, text, publisher, topic, published_at, first_seen,
         known_at - INTERVAL 3 DAY, capture, run_id, ingested_at FROM articles LIMIT 1`,
    );
    assert.equal(await rule(), 1);
    await warehouse().command(
      "ALTER TABLE articles DELETE WHERE article_id = 'planted' SETTINGS mutations_sync = 2",
    );
  });

  it("of another prompt stand beside, and factors must be told which to read", async () => {
    const [prompt] = [new URL("../../fixtures/prompts/short.txt", import.meta.url).pathname];
    const other = await score({ prompt });
    assert.match(other.score_set, /^short-[\da-f]{8}@word-lists-1$/);
    assert.equal(other.bought, other.stories);
    const days = { from: market.sessions[200]!, to: market.sessions[210]! };
    await assert.rejects(compute({ factors: news, ...days }, deps(), noSignal), {
      name: "InvalidInput",
      message:
        /There are several score sets \(news-sentiment-.*, short-.*\): set QUARRY_NEWS_SCORES/,
    });
    const told = deps({ QUARRY_NEWS_SCORES: other.score_set });
    const { values } = await compute({ factors: news, ...days }, told, noSignal);
    assert.ok(values > 0);
    // The audit of a day before the first score knows which set is meant as well.
    const { differences } = await audit(
      { factors: news, days: [market.sessions[1]!] },
      told,
      noSignal,
    );
    assert.equal(differences, 0);
    const odd = deps({ QUARRY_NEWS_SCORES: "none" });
    await assert.rejects(compute({ factors: news, ...days }, odd, noSignal), {
      name: "InvalidInput",
      message: /expected one of the score sets/,
    });
  });

  it("do not change when names and dates are masked: word lists remember nothing", async () => {
    const report = await leak(
      {
        provider: "local",
        model: undefined,
        sample: 40,
        prompt: undefined,
        budgetUsd: undefined,
        concurrency: 4,
      },
      deps(),
      noSignal,
    );
    assert.ok(report.compared >= 30 && report.masked === report.compared, JSON.stringify(report));
    assert.ok(report.difference.mean_absolute! < 0.02);
    assert.ok(report.ic.texts > 20 && report.ic.raw !== null && report.ic.masked !== null);
    assert.equal(report.trained_until, null);
  });

  it("want a model where the provider has several", async () => {
    await assert.rejects(score({ provider: "bedrock" }), {
      name: "InvalidInput",
      message: /^BEDROCK_MODEL_ID is not set/,
    });
    await assert.rejects(score({ model: "x" }), {
      name: "InvalidInput",
      message: /the provider local has one model/,
    });
  });
});
