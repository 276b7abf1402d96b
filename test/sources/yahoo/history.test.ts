import assert from "node:assert/strict";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { readChartBody } from "../../../shared/sources/yahoo/chart-body.ts";
import {
  readHistory,
  type Verdict,
  type YahooHistory,
} from "../../../shared/sources/yahoo/history.ts";
import { chartBytes, closed, opened, type ChartParts } from "./chart.ts";

/** Judges a reply that came in the evening of the last row's day, unless told. */
function judge(
  parts: ChartParts,
  { to = "2030-01-01", at }: { to?: string; at?: number } = {},
): Verdict {
  const last = parts.rows.at(-1)?.[0] ?? "2024-03-08";
  const fetched = at ?? (typeof last === "number" ? last : closed(last)) + 3600;
  const body = readChartBody(chartBytes(parts));
  return readHistory(body, { to: parseTradingDay(to), fetchedMs: fetched * 1000 });
}

function history(...judged: Parameters<typeof judge>): YahooHistory {
  const verdict = judge(...judged);
  assert.equal(verdict.state, "done");
  return verdict.history;
}

function failure(...judged: Parameters<typeof judge>): [reason: string, message: string] {
  const verdict = judge(...judged);
  assert.equal(verdict.state, "failed");
  return [verdict.reason, verdict.message];
}

const near = (actual: Float64Array, expected: readonly number[]): void => {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, at) => {
    assert.ok(Math.abs(actual[at]! / value - 1) < 1e-14, `${at}: ${actual[at]!} for ${value}`);
  });
};

/** Monday to Friday, without an event. */
const week = ["2024-03-04", "2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08"] as const;
const rows = week.map((day, at) => [day, 50 + at] as const);

describe("a history of Yahoo's", () => {
  it("is as traded: prices, volumes and amounts with all later splits undone", () => {
    // Traded at 120, 126, then 43 and 42 after 3 for 1 on Wednesday, then 430 after 1 for 10 on Friday. One old share of
    // Monday is 0.3 of Friday's, so Yahoo shows 120 / 0.3 = 400; one of Wednesday is 0.1: 43 / 0.1 = 430.
    const { bars, actions } = history({
      rows: [
        ["2024-03-04", 400, 270],
        ["2024-03-05", 420, 300],
        ["2024-03-06", 430, 100],
        ["2024-03-07", 420, 110],
        ["2024-03-08", 430, 50],
      ],
      splits: [
        ["2024-03-08", 1, 10],
        ["2024-03-06", 3, 1],
      ],
      dividends: [
        ["2024-03-05", 2],
        ["2024-03-06", 2],
        ["2024-03-08", 5],
      ],
      capitalGains: [["2024-03-07", 1]],
    });
    assert.deepEqual(bars.days, week);
    near(bars.close, [120, 126, 43, 42, 430]);
    near(bars.open, [118.8, 124.74, 42.57, 41.58, 425.7]);
    near(bars.high, [122.4, 128.52, 43.86, 42.84, 438.6]);
    near(bars.low, [117.6, 123.48, 42.14, 41.16, 421.4]);
    near(bars.volume, [900, 1000, 1000, 1100, 50]);
    // A dividend of the day of a split is paid on the new shares.
    assert.deepEqual(
      actions.map(({ kind, exDate, value }) => [kind, exDate, Number(value.toFixed(12))]),
      [
        ["split", "2024-03-06", 3],
        ["split", "2024-03-08", 0.1],
        ["dividend", "2024-03-05", 0.6],
        ["dividend", "2024-03-06", 0.2],
        ["dividend", "2024-03-08", 5],
        ["capital_gain", "2024-03-07", 0.1],
      ],
    );
  });

  it("undoes a split of today, whose bar is still a live one", () => {
    const now = opened("2024-03-08") + 3600;
    const { bars, actions } = history({
      rows: [
        ["2024-03-06", 50],
        ["2024-03-07", 51],
        [now, 52],
      ],
      splits: [["2024-03-08", 2, 1]],
    });
    near(bars.close, [100, 102]);
    assert.deepEqual(actions, [{ kind: "split", exDate: "2024-03-08", value: 2 }]);
  });

  it("has the name and the first trade that Yahoo tells, also from before 1970", () => {
    const told = history({
      rows,
      meta: { longName: "Tiny Works, Inc.", shortName: "Tiny", firstTradeDate: -252_322_200 },
    });
    assert.deepEqual([told.name, told.firstTrade], ["Tiny Works, Inc.", "1962-01-02"]);
    const silent = history({ rows, meta: { shortName: "Tiny", firstTradeDate: null } });
    assert.deepEqual([silent.name, silent.firstTrade], ["Tiny", undefined]);
  });

  it("leaves out rows without a close, and counts them and the gaps they leave", () => {
    const { bars, emptyRows, gaps } = history({
      rows: [
        ["2024-03-04", 50],
        ["2024-03-05", null],
        ["2024-03-07", null],
        ["2024-03-08", 54, null],
      ],
    });
    assert.deepEqual(bars.days, ["2024-03-04", "2024-03-08"]);
    assert.deepEqual([...bars.volume], [1000, NaN]);
    // Tuesday and Thursday came empty, Wednesday not at all.
    assert.deepEqual([emptyRows, gaps], [2, 3]);
  });

  it("takes the first of two rows of a day", () => {
    const { bars, emptyRows } = history({
      rows: [rows[0]!, [opened("2024-03-05") + 60, 51], ["2024-03-05", 99], ...rows.slice(2)],
    });
    assert.deepEqual([...bars.close], [50, 51, 52, 53, 54]);
    assert.equal(emptyRows, 0);
  });
});

describe("the live bar", () => {
  it("is left out while the session is on, and the session before is all that is due", () => {
    const now = opened("2024-03-08") + 7200;
    const { bars, through, emptyRows } = history({ rows: [...rows.slice(0, 4), [now, 99]] });
    assert.deepEqual(bars.days, week.slice(0, 4));
    assert.deepEqual([through, emptyRows], ["2024-03-07", 0]);
  });

  it("is left out together with another row of its day", () => {
    const now = opened("2024-03-08") + 7200;
    const { bars } = history({ rows: [...rows, [now, 99]] });
    assert.deepEqual(bars.days, week.slice(0, 4));
  });

  it("stays a live one in the evening, and is not due before it is settled", () => {
    // As in the recorded AAPL of 2025-10-29, stamped 16:00:01: its volume was 43.3 of the final 51.1 million.
    const stamp = closed("2024-03-08") + 1;
    const evening = { rows: [...rows.slice(0, 4), [stamp, 54] as const] };
    const { bars, through } = history(evening, { at: stamp + 3600 });
    assert.deepEqual([bars.days.at(-1), through], ["2024-03-07", "2024-03-07"]);
    // Without the session before it the history does end early.
    const [reason] = failure({ rows: [...rows.slice(0, 3), [stamp, 54]] }, { at: stamp + 3600 });
    assert.equal(reason, "ended_early");
  });

  it("excuses nothing on a later day", () => {
    const stamp = closed("2024-03-08") + 1;
    const [reason, message] = failure(
      { rows: [...rows.slice(0, 4), [stamp, 54]] },
      { at: closed("2024-03-11") + 60 },
    );
    assert.equal(reason, "ended_early");
    assert.match(message, /ends on 2024-03-07, expected 2024-03-11/);
  });

  it("is an ordinary one once it is stamped with the open", () => {
    const { bars, through } = history({ rows });
    assert.deepEqual([bars.days.at(-1), through], ["2024-03-08", "2024-03-08"]);
  });
});

describe("a reply that is no history", () => {
  it("is events_incomplete when it ends before the last trade it knows of", () => {
    const parts = { rows, meta: { regularMarketTime: closed("2024-03-11") + 1 } };
    const [reason, message] = failure(parts, { at: closed("2024-03-11") + 3600 });
    assert.equal(reason, "events_incomplete");
    assert.match(message, /ends on 2024-03-08, .* splits up to 2024-03-11/);
  });

  it("knows by the time of the last trade which session that was", () => {
    const rowsTo = (day: string) => ({ rows: [["2024-11-27", 50] as const, [day, 51] as const] });
    const reasonOf = (parts: ChartParts, regularMarketTime: number): string => {
      const verdict = judge(
        { ...parts, meta: { regularMarketTime } },
        { at: regularMarketTime + 30 },
      );
      return verdict.state === "done" ? "done" : verdict.reason;
    };
    const early = { rows: [["2024-11-27", 50] as const] };
    // A half day ends at 13:00: what traded at 13:00 was its close, at 12:59 it was still on.
    assert.equal(reasonOf(early, closed("2024-11-29")), "events_incomplete");
    assert.equal(reasonOf(early, closed("2024-11-29") - 60), "done");
    assert.equal(reasonOf(rowsTo("2024-11-29"), closed("2024-11-29")), "done");
    // Before the open of Monday, after a Sunday evening's quote: Friday is the last.
    assert.equal(reasonOf(rowsTo("2024-11-29"), opened("2024-12-02") - 3600), "done");
    assert.equal(reasonOf(rowsTo("2024-11-29"), opened("2024-12-02") - 20 * 3600), "done");
  });

  it("is ended_early without the last session that is due", () => {
    const [reason, message] = failure(
      { rows, meta: { regularMarketTime: null } },
      { at: closed("2024-03-12") + 60 },
    );
    assert.equal(reason, "ended_early");
    assert.equal(
      message,
      "The history of TINY ends on 2024-03-08, expected 2024-03-12: delisted, halted, or cut short; " +
        "give its last day in the universe file, or try again later.",
    );
  });

  it("is none of that when no more was asked for", () => {
    const delisted = { rows, meta: { regularMarketTime: closed("2024-03-08") + 1 } };
    const { bars, through } = history(delisted, { to: "2024-03-08", at: closed("2024-06-03") });
    assert.deepEqual([bars.days.length, through], [5, "2024-03-08"]);
    // Nor when the day asked for is one without a session.
    assert.equal(judge(delisted, { to: "2024-03-10", at: closed("2024-06-03") }).state, "done");
  });

  it("is split_suspect when a split still stands between the prices", () => {
    // Traded at 100, 102, then 51 and 52 after 2 for 1: right are 50, 51, 51, 52.
    const series = (...closes: number[]): ChartParts => ({
      rows: closes.map((close, at) => [week[at]!, close]),
      splits: [["2024-03-06", 2, 1]],
    });
    assert.equal(judge(series(50, 51, 51, 52)).state, "done");
    assert.deepEqual(failure(series(25, 25.5, 51, 52)), [
      "split_suspect",
      "TINY: the split of 2024-03-06 (2:1) was applied twice to the prices before it.",
    ]);
    assert.deepEqual(failure(series(100, 102, 51, 52)), [
      "split_suspect",
      "TINY: the split of 2024-03-06 (2:1) was applied not at all to the prices before it.",
    ]);
    // A fall or a rise by 30 % on the day is none.
    assert.equal(judge(series(72, 73, 51, 52)).state, "done");
    assert.equal(judge(series(39, 39.2, 51, 52)).state, "done");
  });

  it("is split_suspect for a reverse split too, but not for a split too small to tell", () => {
    const series = (ratio: readonly [number, number], ...closes: number[]): ChartParts => ({
      rows: closes.map((close, at) => [week[at]!, close]),
      splits: [["2024-03-06", ...ratio]],
    });
    assert.equal(judge(series([1, 10], 10, 10, 10, 11)).state, "done");
    assert.match(failure(series([1, 10], 100, 99, 10, 11))[1], /\(0\.1:1\) was applied twice/);
    assert.match(failure(series([1, 10], 1, 1, 10, 11))[1], /was applied not at all/);
    assert.equal(judge(series([5, 4], 50, 50, 40, 41)).state, "done");
  });

  it("is a foreign_exchange by another clock", () => {
    const meta = { symbol: "AZT.OL", exchangeTimezoneName: "Europe/Oslo" };
    assert.deepEqual(failure({ rows, meta }), [
      "foreign_exchange",
      "AZT.OL trades by the clock of Europe/Oslo; Quarry covers New York.",
    ]);
  });

  it("is a vendor_error with bars of another length", () => {
    const [reason, message] = failure({ rows, meta: { dataGranularity: "1wk" } });
    assert.equal(reason, "vendor_error");
    assert.equal(message, "Yahoo sends 1wk bars of TINY, expected 1d.");
  });

  it("is an empty_reply without a row, with empty rows, or with a live one alone", () => {
    const now = opened("2024-03-08") + 60;
    for (const none of [[], [["2024-03-08", null]], [[now, 50]]] as const) {
      assert.equal(failure({ rows: none })[0], "empty_reply");
    }
  });

  it("says what Yahoo says instead", () => {
    const expected = { to: parseTradingDay("2024-03-08"), fetchedMs: closed("2024-03-08") * 1000 };
    const reasonOf = (code: string, description: string): string => {
      const verdict = readHistory({ code, description }, expected);
      assert.equal(verdict.state, "failed");
      assert.ok(verdict.message.includes(`${code}: ${description}`));
      return verdict.reason;
    };
    assert.equal(reasonOf("Not Found", "No data found, symbol may be delisted"), "no_data");
    const since = "Data doesn't exist for startDate = 1262304000, endDate = 1735689600";
    assert.equal(reasonOf("Bad Request", since), "no_data");
    assert.equal(reasonOf("Unauthorized", "Invalid Crumb"), "vendor_error");
    assert.equal(reasonOf("Empty", "no result in the reply"), "vendor_error");
  });
});
