import assert from "node:assert/strict";
import YahooFinance from "yahoo-finance2";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import { chartUrl, fetchChart } from "./chart.ts";
import { recordedText } from "../../support/recorded-data.ts";
import { recordedChart } from "./recordings.ts";
import { dividend, historyOf, split, tinyMarket } from "./tiny-market.ts";

const tiny = tinyMarket(
  historyOf([80, 82, 84, 42, 43, 44, 45], {
    splits: [split(3)],
    dividends: [dividend(1, 0.5), dividend(5, 0.25)],
  }),
);
/** Opens of 2024-03-04 to 12, s: 14:30 UTC, and 13:30 from the 11th on. */
const opens = [
  1709562600, 1709649000, 1709735400, 1709821800, 1709908200, 1710163800, 1710250200,
] as const;

describe("startYahoo", () => {
  it("serves rows on today's share count, with events keyed by the open of their session", async () => {
    await using yahoo = await startYahoo(tiny);
    const { timestamp, events, indicators } = await fetchChart(yahoo, "TINY");
    assert.deepEqual(timestamp, opens);
    assert.deepEqual(events, {
      dividends: {
        1709649000: { amount: 0.25, date: 1709649000 },
        1710163800: { amount: 0.25, date: 1710163800 },
      },
      splits: {
        1709821800: { date: 1709821800, numerator: 2, denominator: 1, splitRatio: "2:1" },
      },
    });
    const [quote] = indicators.quote;
    assert.deepEqual(quote.close, [40, 41, 42, 42, 43, 44, 45]);
    assert.deepEqual(quote.open, [39.5, 40.5, 41.5, 41, 42, 43, 44]);
    assert.deepEqual(quote.high, [41, 42, 43, 44, 45, 46, 47]);
    assert.deepEqual(quote.low, [38.5, 39.5, 40.5, 39, 40, 41, 42]);
    assert.deepEqual(quote.volume, [2000, 2000, 2000, 1000, 1000, 1000, 1000]);
    const second = 1 - 0.25 / 43;
    assert.deepEqual(
      indicators.adjclose[0].adjclose,
      [
        40 * second * (1 - 0.25 / 40),
        41 * second,
        42 * second,
        42 * second,
        43 * second,
        44,
        45,
      ].map(Math.fround),
    );
  });

  it("limits rows and events to the period, the end excluded, but adjusts by all events up to now", async () => {
    await using yahoo = await startYahoo(tiny);
    const period = { period1: opens[1], period2: opens[3] };
    const { meta, timestamp, events, indicators } = await fetchChart(yahoo, "TINY", period);
    assert.deepEqual(timestamp, [opens[1], opens[2]]);
    assert.deepEqual(indicators.quote[0].close, [41, 42]);
    assert.deepEqual(Object.keys(events!), ["dividends"]);
    assert.equal(meta["chartPreviousClose"], 40);
    const splitsOnly = await fetchChart(yahoo, "TINY", { events: "split" });
    assert.deepEqual(Object.keys(splitsOnly.events!), ["splits"]);
  });

  it("has the meta of the recordings, in their order, and says that it is simulated", async function () {
    await using yahoo = await startYahoo(tiny);
    const { meta } = await fetchChart(yahoo, "TINY", { period1: opens[1] });
    assert.equal(meta["exchangeName"], "SIM");
    assert.equal(meta["fullExchangeName"], "Simulated NYSE");
    assert.equal(meta["longName"], "Tiny Works (simulated)");
    assert.equal(meta["firstTradeDate"], opens[0]);
    assert.equal(meta["regularMarketTime"], opens[6] + 6.5 * 3600 + 1);
    assert.equal(meta["regularMarketPrice"], 45);
    assert.equal(meta["fiftyTwoWeekHigh"], 47);
    assert.equal(meta["fiftyTwoWeekLow"], 38.5);
    assert.equal(meta["regularMarketVolume"], 1000);
    assert.deepEqual([meta["gmtoffset"], meta["timezone"]], [-14400, "EDT"]);
    const recorded = recordedChart(this, "yfinance-rs/history_chart_AAPL.json");
    assert.deepEqual(Object.keys(meta), Object.keys(recorded.meta));
    for (const [key, value] of Object.entries(recorded.meta)) {
      assert.equal(typeof meta[key], typeof value, key);
    }
  });

  it("is read without complaint by yahoo-finance2", async () => {
    await using yahoo = await startYahoo(tiny);
    const client = new YahooFinance({
      suppressNotices: ["yahooSurvey"],
      fetch: (input, init) => {
        const { pathname, search } = new URL(input instanceof Request ? input.url : input);
        return fetch(`${yahoo.url}${pathname}${search}`, init);
      },
    });
    const chart = await client.chart("TINY", { period1: "2024-03-01", period2: "2024-04-01" });
    assert.deepEqual(
      chart.quotes.map(({ date, close }) => [date.getTime() / 1000, close]),
      opens.map((open, at) => [open, [40, 41, 42, 42, 43, 44, 45][at]]),
    );
    assert.equal(chart.events?.splits?.[0]?.numerator, 2);
    await assert.rejects(client.chart("NONE", { period1: "2024-03-01" }), /may be delisted/);
  });

  it("stamps the row of an open session with the time, and the next day with its open", async () => {
    let now = (opens[6] + 3.25 * 3600) * 1000 + 400;
    await using yahoo = await startYahoo(tiny, { now: () => now });
    const live = await fetchChart(yahoo, "TINY");
    const stamp = opens[6] + 3.25 * 3600;
    assert.deepEqual(live.timestamp!.slice(-2), [opens[5], stamp]);
    assert.equal(live.meta["regularMarketTime"], stamp);
    assert.equal(live.indicators.quote[0].close!.at(-1), 44.5);
    assert.equal(live.indicators.quote[0].volume!.at(-1), 500);
    now = opens[4] * 1000 - 1;
    const before = await fetchChart(yahoo, "TINY");
    assert.deepEqual(before.timestamp, opens.slice(0, 4));
    assert.equal(before.meta["regularMarketTime"], opens[3] + 6.5 * 3600 + 1);
    assert.deepEqual(before.indicators.adjclose[0].adjclose!.slice(-1), [42]);
    assert.deepEqual([before.meta["gmtoffset"], before.meta["timezone"]], [-18000, "EST"]);
  });

  it("says Not Found of what it does not know, in the recorded words", async function () {
    await using yahoo = await startYahoo(tiny);
    const reply = await fetch(chartUrl(yahoo, "NONE"));
    const body: unknown = await reply.json();
    assert.equal(reply.status, 404);
    assert.deepEqual(body, {
      chart: {
        result: null,
        error: { code: "Not Found", description: "No data found, symbol may be delisted" },
      },
    });
    assert.equal((await fetch(`${yahoo.url}/v7/finance/quote?symbols=TINY`)).status, 404);
    const recorded = recordedText(this, "A_yahoo/piquette-finance-mock/chart_error_not_found.json");
    assert.deepEqual(body, JSON.parse(recorded));
  });

  it("refuses what Yahoo refuses", async () => {
    await using yahoo = await startYahoo(tiny);
    const refusal = async (window: Parameters<typeof chartUrl>[2]): Promise<string> => {
      const reply = await fetch(chartUrl(yahoo, "TINY", window));
      assert.equal(reply.status, 400);
      const body = (await reply.json()) as { chart: { error: { description: string } } };
      return body.chart.error.description;
    };
    assert.equal(
      await refusal({ period1: 5, period2: opens[0] }),
      "Data doesn't exist for startDate = 5, endDate = 1709562600",
    );
    assert.match(await refusal({ period1: 6, period2: 5 }), /start date cannot be after end date/);
    assert.match(await refusal({ interval: "45m" }), /interval=45m is not supported/);
  });

  it("answers a period without rows with no timestamp and an empty quote", async () => {
    await using yahoo = await startYahoo(tiny);
    const { timestamp, indicators } = await fetchChart(yahoo, "TINY", { period1: opens[6] + 1 });
    assert.equal(timestamp, undefined);
    assert.deepEqual(indicators, { quote: [{}], adjclose: [{}] });
  });
});
