import assert from "node:assert/strict";
import { sessionCloseMs } from "../../shared/market/calendar.ts";
import {
  changesOf,
  spansAsKnown,
  type MembershipChange,
} from "../../shared/market/membership-changes.ts";
import { parseTradingDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { readUniverse } from "../../shared/market/universe.ts";

const nowMs = Date.parse("2020-07-01T12:00:00Z");
const changes = (...lines: string[]): MembershipChange[] =>
  changesOf(readUniverse(lines.join("\n"), "list.csv"), { list: "large", nowMs });
const told = (all: readonly MembershipChange[]): string[] =>
  all.map(
    ({ ticker, day, memberOf, knownAtMs }) =>
      `${ticker} ${day} ${memberOf || "out"} ${new Date(knownAtMs).toISOString()}`,
  );
const spans = (all: readonly MembershipChange[]): string[] =>
  spansAsKnown(all).map(
    ({ ticker, start, end, group }) => `${ticker} ${start!}..${end ?? ""} ${group!}`,
  );

describe("changes of a list", () => {
  it("are known from the day they take effect, New York's midnight, in summer and winter", () => {
    assert.deepEqual(told(changes("ticker,start,end", "BRK-B,2010-02-16,2019-06-28")), [
      "BRK.B 2010-02-16 large 2010-02-16T05:00:00.000Z",
      "BRK.B 2019-06-29 out 2019-06-29T04:00:00.000Z",
    ]);
  });

  it("are known at the end of the day that a line names", () => {
    assert.deepEqual(
      told(changes("ticker,start,end,announced", "TSLA,2020-12-21,2021-01-29,2020-11-16")),
      [
        "TSLA 2020-12-21 large 2020-11-17T05:00:00.000Z",
        "TSLA 2021-01-30 out 2021-01-30T05:00:00.000Z",
      ],
    );
  });

  it("of a line that names no day are known from now on, and on no day before", () => {
    const undated = changes("ticker,sector", "AAA,Energy");
    assert.deepEqual(told(undated), ["AAA 2020-06-30 Energy 2020-07-01T12:00:00.000Z"]);
    assert.deepEqual(spans(undated), ["AAA 2020-07-01.. Energy"]);
  });

  it("from group to group leave no gap", () => {
    const moved = changes(
      "ticker,start,end,group",
      "GOOG,2010-01-04,2018-09-21,Technology",
      "GOOG,2018-09-22,,Communication",
    );
    assert.deepEqual(spans(moved), [
      "GOOG 2010-01-04..2018-09-21 Technology",
      "GOOG 2018-09-22.. Communication",
    ]);
  });
});

describe("a list as known on each day", () => {
  const change = (day: string, memberOf: string, knownAt: string | number): MembershipChange => ({
    ticker: "AAA",
    day: parseTradingDay(day),
    memberOf,
    knownAtMs: typeof knownAt === "number" ? knownAt : Date.parse(knownAt),
  });

  it("takes a change for true from the first close at which it was known", () => {
    // Seen on Friday evening: first of use on Monday. Seen at the very close: of use at once.
    const start = change("2019-01-02", "A", "2019-01-02T05:00:00Z");
    const late = "2019-03-15T23:00:00Z";
    assert.deepEqual(spans([start, change("2019-02-01", "B", late)]), [
      "AAA 2019-01-02..2019-03-17 A",
      "AAA 2019-03-18.. B",
    ]);
    const atClose = sessionCloseMs("2019-03-15" as TradingDay);
    assert.deepEqual(spans([start, change("2019-02-01", "B", atClose)]), [
      "AAA 2019-01-02..2019-03-14 A",
      "AAA 2019-03-15.. B",
    ]);
  });

  it("waits for the day that was announced", () => {
    assert.deepEqual(spans([change("2020-12-21", "A", "2020-11-17T05:00:00Z")]), [
      "AAA 2020-12-21.. A",
    ]);
  });

  it("prefers what tells of a later day, and of one day what was known later", () => {
    const all = [
      change("2019-01-02", "A", "2019-01-02T05:00:00Z"),
      change("2019-06-03", "C", "2019-06-03T05:00:00Z"),
      // News of February that come when June's are known: too late for anybody.
      change("2019-02-01", "B", "2019-08-01T05:00:00Z"),
      // The day's first word was wrong.
      change("2019-06-03", "D", "2019-09-03T05:00:00Z"),
    ];
    const expected = [
      "AAA 2019-01-02..2019-06-02 A",
      "AAA 2019-06-03..2019-09-02 C",
      "AAA 2019-09-03.. D",
    ];
    assert.deepEqual(spans(all), expected);
    assert.deepEqual(spans(all.toReversed()), expected);
  });

  it("has no stretch for one that left, and a new one for one that came back", () => {
    assert.deepEqual(
      spans(changes("ticker,start,end", "AAL,1996-01-02,1997-01-15", "AAL,2015-03-23,2024-09-23")),
      ["AAL 1996-01-02..1997-01-15 large", "AAL 2015-03-23..2024-09-23 large"],
    );
  });
});
