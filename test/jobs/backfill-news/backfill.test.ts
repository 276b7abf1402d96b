import assert from "node:assert/strict";
import { backfill } from "../../../jobs/backfill-news/backfill.ts";
import { dataset } from "../../../jobs/backfill-news/dataset.ts";
import { failureOf, type NewsReport } from "../../../jobs/backfill-news/job.ts";
import { buyAlone } from "../../../shared/backfill/buy-here.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import {
  startTavily,
  simulatedKey,
  type TavilyOptions,
} from "../../../shared/simulator/tavily/server.ts";
import { topics } from "../../../shared/sources/tavily/topics.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";

const market = simulateMarket({
  seed: 8,
  securities: 6,
  from: parseTradingDay("2020-01-02"),
  to: parseTradingDay("2020-12-31"),
  delistingsPerYear: 0,
});
const nowMs = afterMarket(market);
const tickers = [...new Set(market.listings.map(({ ticker }) => ticker))];

describe("a backfill of news", () => {
  const warehouse = useSimulatedWarehouse(market);
  let asked = 0;

  async function run(
    { days = 365, of = tickers, about = ["news"] as string[] } = {},
    { key = simulatedKey, atMs = nowMs, ...server }: TavilyOptions & { atMs?: number } = {},
  ): Promise<NewsReport> {
    await using tavily = await startTavily(market, { now: atMs, ...server });
    const deps = jobDeps(warehouse(), atMs, {
      TAVILY_BASE_URL: tavily.url,
      TAVILY_API_KEY: key,
      TAVILY_RATE: "1000",
    });
    const args = {
      source: "tavily",
      tickers: of,
      days,
      topics: about.map((topic) => topic as (typeof topics)[number]),
    };
    const parameters = JSON.parse(JSON.stringify(backfill.parametersOf(args))) as Record<
      string,
      unknown
    >;
    const report = await backfill.run(
      backfill.argsOf({ source: "tavily", parameters }),
      { ...deps, buy: (plan, stop) => buyAlone(dataset, plan, deps, stop) },
      noSignal,
    );
    asked = tavily.requests.length;
    return report;
  }

  const count = async (what: string, from: string): Promise<number> =>
    (await warehouse().rows<{ n: number }>(`SELECT ${what} AS n FROM ${from}`))[0]!.n;

  it("brings articles with the time of their publication, linked to stories and securities", async () => {
    const report = await run();
    assert.equal(report.failed.length, 0);
    assert.equal(asked, tickers.length);
    assert.ok(report.loaded.articles > 40 && report.loaded.repeats > 5);
    assert.equal(report.loaded.undated, 0);
    // Of a ticker's earlier company, which the prices do not hold.
    assert.ok(report.loaded.unlinked < report.loaded.articles / 5);
    assert.equal(await count("count()", "articles FINAL"), report.loaded.articles);
    assert.equal(
      await count("countIf(known_at != published_at OR first_seen < published_at)", "articles"),
      0,
    );
    // A copy tells the story of its original, which came before it.
    const copies = await warehouse().rows<{
      id: string;
      story: string;
      first: string;
      own: string;
    }>(
      `SELECT a.article_id AS id, a.story AS story, toString(b.known_at) AS first, toString(a.known_at) AS own
       FROM articles AS a INNER JOIN articles AS b ON a.story = b.article_id WHERE a.publisher = 'daily.example.org'`,
    );
    assert.ok(copies.length > 5);
    for (const { id, story, first, own } of copies) assert.ok(story !== id && first < own);
    assert.equal(
      await count("uniqExact(security_id)", "article_links"),
      await count("count()", "securities"),
    );
  });

  it("asks for nothing more on the same day, and for the new day on the next", async () => {
    const before = await count("count()", "articles FINAL");
    const again = await run();
    assert.deepEqual([again.held, again.fetched, asked], [tickers.length, 0, 0]);
    await run({ days: 7 }, { atMs: nowMs + 86_400_000 });
    assert.equal(asked, tickers.length);
    assert.equal(await count("count()", "articles FINAL"), before);
  });

  it("keeps undated articles apart: they count from when they were seen", async () => {
    const { loaded } = await run(
      { about: ["general"], of: tickers.slice(0, 1) },
      { atMs: nowMs + 3_600_000 },
    );
    // The same addresses are there already, dated; what is there stays as it was.
    assert.equal(loaded.articles, 0);
    const fresh = await run(
      { about: ["finance"], of: tickers.slice(1, 2), days: 30 },
      { atMs: nowMs + 40 * 86_400_000 },
    );
    assert.ok(fresh.loaded.undated === fresh.loaded.articles);
  });

  it("says what is wrong with the key, the plan, the search", async () => {
    const reply = (status: number, error: string) => [
      {
        fault: {
          kind: "reply" as const,
          reply: {
            status,
            contentType: "application/json",
            body: JSON.stringify({ detail: { error } }),
          },
        },
      },
    ];
    const some = { of: ["ZZZZ"] };
    const later = { atMs: nowMs + 2 * 86_400_000 };
    await assert.rejects(run(some, { ...later, key: "" }), {
      name: "InvalidInput",
      message: /TAVILY_API_KEY is not set/,
    });
    for (const [status, error, pattern] of [
      [401, "Unauthorized: missing or invalid API key.", /does not take the key/],
      [432, "This request exceeds your plan's set usage limit.", /the plan's credit is used up/],
      [433, "This request exceeds the pay-as-you-go limit.", /the plan's credit is used up/],
      [400, "Query is too long.", /rejects the search \(HTTP 400: Query is too long/],
    ] as const) {
      await assert.rejects(run(some, { ...later, failures: reply(status, error) }), {
        name: "SourceRejected",
        message: pattern,
      });
    }
  });

  it("tries again what is throttled, and what is cut", async () => {
    const later = { atMs: nowMs + 3 * 86_400_000 };
    const slow = await run(
      { of: tickers.slice(0, 1) },
      {
        ...later,
        failures: [
          {
            times: 1,
            fault: {
              kind: "reply",
              reply: { status: 429, contentType: "application/json", body: "{}" },
            },
          },
        ],
      },
    );
    assert.deepEqual([slow.fetched, asked], [1, 2]);
    const cut = await run(
      { of: tickers.slice(1, 2) },
      { ...later, failures: [{ times: 1, fault: { kind: "half-body" } }] },
    );
    assert.deepEqual([cut.fetched, asked, failureOf(cut)], [1, 2, undefined]);
  });
});
