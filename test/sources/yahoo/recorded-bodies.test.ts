import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { readChartBody, type ChartBody } from "../../../shared/sources/yahoo/chart-body.ts";
import { readHistory, type Verdict } from "../../../shared/sources/yahoo/history.ts";
import { MalformedRecord } from "../../../shared/errors.ts";
import { recordedBytes, recordedPath } from "../../support/recorded-data.ts";

/** The reply in a recording: the bytes themselves, or what yahoo-finance2 kept of a request and its answer. */
function replyOf(context: Mocha.Context, file: string): Buffer {
  const bytes = recordedBytes(context, `A_yahoo/${file}`);
  const recording = JSON.parse(bytes.toString()) as { response?: { bodyJson: unknown } };
  return recording.response ? Buffer.from(JSON.stringify(recording.response.bodyJson)) : bytes;
}

function judge(reply: Buffer, to: string, fetched: string): Verdict {
  return readHistory(readChartBody(reply), {
    to: parseTradingDay(to),
    fetchedMs: Date.parse(fetched),
  });
}

/** What a verdict comes to: its reason, or the number of bars and events. */
function outcomeOf(verdict: Verdict): string {
  if (verdict.state === "failed") return verdict.reason;
  const { bars, actions } = verdict.history;
  return `done, ${bars.days.length} bars, ${actions.length} actions`;
}

/** Two days of 2020, asked for in February 2025: the splits of five years are missing, if there were any. */
const windows = [
  "AAPL",
  "ABBV",
  "AFRAF",
  "AMZN",
  "BABA",
  "CRON",
  "EPAC",
  "GOOG",
  "QQQ",
  "SPOT",
  "GC=F",
];
/** By the clocks of Oslo, London, Copenhagen and of nobody. */
const foreign = ["AZT.OL", "EURUSD=X", "OCDO.L", "ORSTED.CO", "BTC-USD"];

const folder = "yahoo-finance2/fixtures/http";
const span = "2020-01-01-to-2020-01-03";

/** Every recorded reply of the chart endpoint: when it came, as far as that is known, and what it is worth. */
const recordings: readonly (readonly [file: string, fetched: string, outcome: string])[] = [
  ...windows.flatMap((symbol) => [
    [
      `${folder}/chart-${symbol}-${span}.json`,
      "2025-02-20T12:00:00Z",
      "events_incomplete",
    ] as const,
    [
      `${folder}/historical-via-chart-${symbol}-${span}.json`,
      "2025-02-22T12:00:00Z",
      "events_incomplete",
    ] as const,
  ]),
  ...foreign.flatMap((symbol) => [
    [`${folder}/chart-${symbol}-${span}.json`, "2025-02-20T12:00:00Z", "foreign_exchange"] as const,
    [
      `${folder}/historical-via-chart-${symbol}-${span}.json`,
      "2025-02-22T12:00:00Z",
      "foreign_exchange",
    ] as const,
  ]),
  [
    `${folder}/historical-via-chart-WSKT.JK-${span}.json`,
    "2025-02-22T12:00:00Z",
    "foreign_exchange",
  ],
  // One day of 2022, asked for in March 2025.
  [`${folder}/chart-AAPL.json`, "2025-03-24T14:00:00Z", "events_incomplete"],
  // A year of 2021 with its dividends, and one with its split; both asked for in February 2025.
  [
    `${folder}/historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.csv.json`,
    "2025-02-22T10:00:00Z",
    "events_incomplete",
  ],
  [
    `${folder}/historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv.json`,
    "2025-02-22T10:01:31Z",
    "events_incomplete",
  ],
  // Edited by their authors: bars of an hour, and prices without timestamps.
  [
    `${folder}/chart-TSLA-2025-01-01-to-2025-01-02-interval-1h.fake.json`,
    "2025-02-20T12:00:00Z",
    "vendor_error",
  ],
  [`${folder}/chart-notimestamp-quotes-length.fake.json`, "2025-02-20T12:00:00Z", "empty_reply"],
  [`${folder}/chart-notimestamp-weird-quote.fake.json`, "2025-02-20T12:00:00Z", "empty_reply"],
  // Half a year up to the evening of 2025-10-29, whose bar is not settled.
  ["yfinance-rs/history_chart_AAPL.json", "2025-10-29T20:05:00Z", "done, 126 bars, 2 actions"],
  ["yfinance-rs/history_chart_MSFT.json", "2025-10-29T20:05:00Z", "done, 126 bars, 2 actions"],
  // Two weeks up to a Friday, read on the weekend.
  ["scheb/historicalData.json", "2024-10-12T12:00:00Z", "done, 10 bars, 0 actions"],
  // The same two weeks, read as if they had come a week later.
  ["scheb/historicalData.json", "2024-10-18T21:00:00Z", "ended_early"],
  ["bradjacobs/aapl_chart_5d_formatted.json", "2021-04-24T12:00:00Z", "done, 5 bars, 0 actions"],
  ["bradjacobs/aapl_chart_5d_no_ts.json", "2021-05-03T22:00:00Z", "empty_reply"],
  ["bradjacobs/aapl_chart_no_results.json", "2021-05-03T22:00:00Z", "vendor_error"],
  ["piquette-finance-mock/chart_AAPL.json", "2018-05-29T21:00:00Z", "vendor_error"],
  ["piquette-finance-mock/chart_INPSX.json", "2018-05-29T21:00:00Z", "done, 1 bars, 0 actions"],
  ["piquette-finance-mock/chart_error_not_found.json", "2018-05-29T21:00:00Z", "no_data"],
];

const closesAlone = ["bradjacobs/aapl_chart_5d_cl.json", "bradjacobs/aapl_chart_5d_cl_adjcl.json"];

describe("Yahoo's recorded replies (../shared/data)", () => {
  for (const [file, fetched, outcome] of recordings) {
    it(`${file.replace(`${folder}/`, "")}: ${outcome}`, function () {
      assert.equal(outcomeOf(judge(replyOf(this, file), "2030-01-01", fetched)), outcome);
    });
  }

  it("are all in this list", function () {
    const named = [...recordings.map(([file]) => file), ...closesAlone];
    const folders = ["bradjacobs", "piquette-finance-mock", "scheb", folder, "yfinance-rs"];
    const charts = folders.flatMap((name) =>
      readdirSync(recordedPath(this, `A_yahoo/${name}`))
        .filter((file) => /chart|historical/.test(file))
        .map((file) => `${name}/${file}`),
    );
    assert.deepEqual(charts.sort(), [...new Set(named)].sort());
  });

  it("with closes alone are malformed", function () {
    for (const file of closesAlone) {
      const reply = replyOf(this, file);
      assert.throws(() => readChartBody(reply), {
        constructor: MalformedRecord,
        message: "Yahoo's chart reply: expected 5 values of open, got 0.",
      });
    }
  });

  it("of NVDA in 2021 would be ten times too low if they were read as traded", function () {
    const reply = replyOf(
      this,
      `${folder}/historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.csv.json`,
    );
    const body = readChartBody(reply) as ChartBody;
    // It lists 4 for 1 of July 2021, not the 10 for 1 of June 2024. NVDA closed at 529.48 on 2021-02-01.
    assert.deepEqual(body.splits, [{ date: 1_626_787_800, ratio: 4 }]);
    assert.equal((body.close[0]! * 4).toFixed(2), "52.95");
    assert.equal((body.close[0]! * 40).toFixed(2), "529.48");
    const verdict = judge(reply, "2022-01-28", "2025-02-22T10:01:31Z");
    assert.equal(verdict.state, "failed");
    assert.match(verdict.message, /^The reply for NVDA ends on 2022-01-28, .* up to 2025-02-21/);
  });

  it("of AAPL in 2025 are these bars and dividends", function () {
    const reply = replyOf(this, "yfinance-rs/history_chart_AAPL.json");
    const verdict = judge(reply, "2025-10-29", "2025-10-29T20:05:00Z");
    assert.equal(verdict.state, "done");
    const { bars, ...history } = verdict.history;
    const bar = (at: number) => [
      bars.days.at(at),
      ...[bars.open, bars.high, bars.low, bars.close, bars.volume].map((values) => values.at(at)),
    ];
    assert.deepEqual(bar(0), [
      "2025-04-30",
      209.3000030517578,
      213.5800018310547,
      206.6699981689453,
      212.5,
      52_286_500,
    ]);
    assert.deepEqual(bar(-1), [
      "2025-10-28",
      268.989990234375,
      269.8900146484375,
      268.1499938964844,
      269,
      41_534_800,
    ]);
    assert.deepEqual(history, {
      symbol: "AAPL",
      name: "Apple Inc.",
      firstTrade: "1980-12-12",
      actions: [
        { kind: "dividend", exDate: "2025-05-12", value: 0.26 },
        { kind: "dividend", exDate: "2025-08-11", value: 0.26 },
      ],
      emptyRows: 0,
      gaps: 0,
      through: "2025-10-28",
    });
  });
});
