import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInput } from "../../shared/errors.ts";
import {
  isHalfDay,
  isSession,
  lastClosedSession,
  sessionCloseMs,
  sessionOpenMs,
  sessions,
} from "../../shared/market/calendar.ts";
import { addDays, dayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";

const day = (text: string) => parseTradingDay(text);
const iso = (ms: number): string => new Date(ms).toISOString();

/** The days off of a year, but for weekends, as `MM-DD`. */
function daysOff(year: number): string[] {
  const off: string[] = [];
  for (let at = day(`${year}-01-01`); at.startsWith(String(year)); at = addDays(at, 1)) {
    const weekday = new Date(`${at}T00:00:00Z`).getUTCDay();
    if (weekday >= 1 && weekday <= 5 && !isSession(at)) off.push(at.slice(5));
  }
  return off;
}

/** The sessions of a year that end early, as `MM-DD`. */
function halfDays(year: number): string[] {
  return sessions(day(`${year}-01-01`), day(`${year}-12-31`))
    .filter(isHalfDay)
    .map((at) => at.slice(5));
}

describe("the calendar of the New York Stock Exchange", () => {
  /** As the exchange published them (nyse.com/markets/hours-calendars; its list of historical closings). */
  const published: readonly (readonly [number, string, string?])[] = [
    // A Memorial Day on a Saturday without a day off.
    [1970, "01-01 02-23 03-27 07-03 09-07 11-26 12-25"],
    // The presidential election, and the funeral of Harry Truman.
    [1972, "02-21 03-31 05-29 07-04 09-04 11-07 11-23 12-25 12-28"],
    [1980, "01-01 02-18 04-04 05-26 07-04 09-01 11-04 11-27 12-25"],
    [1997, "01-01 02-17 03-28 05-26 07-04 09-01 11-27 12-25", "07-03 11-28 12-24 12-26"],
    [2001, "01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25"],
    // New Year's Day on a Saturday: the Friday before closed the books of 2010, so it is no holiday in either year.
    [2010, "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", "11-26"],
    [2011, "01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26", "11-25"],
    [
      2012,
      "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25",
      "07-03 11-23 12-24",
    ],
    // Juneteenth since 2022, on a Monday for a Sunday.
    [2022, "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", "11-25"],
    [2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25", "07-03 11-29 12-24"],
    // The funeral of Jimmy Carter.
    [
      2025,
      "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
      "07-03 11-28 12-24",
    ],
    [2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25", "11-27 12-24"],
    [2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24", "11-26"],
  ];
  for (const [year, off, half] of published) {
    it(`has the days off${half === undefined ? "" : " and the half days"} of ${year}`, () => {
      assert.equal(daysOff(year).join(" "), off);
      if (half !== undefined) assert.equal(halfDays(year).join(" "), half);
    });
  }

  it("was closed on days of no rule, and open on those beside them", () => {
    const closings = [
      ["1973-01-24", "1973-01-25", "1973-01-26"],
      ["1977-07-13", "1977-07-14", "1977-07-15"],
      ["1985-09-26", "1985-09-27", "1985-09-30"],
      ["1994-04-26", "1994-04-27", "1994-04-28"],
      ["2001-09-10", "2001-09-11", "2001-09-17"],
      ["2004-06-10", "2004-06-11", "2004-06-14"],
      ["2006-12-29", "2007-01-02", "2007-01-03"],
      ["2012-10-26", "2012-10-29", "2012-10-31"],
      ["2018-12-04", "2018-12-05", "2018-12-06"],
      ["2025-01-08", "2025-01-09", "2025-01-10"],
    ] as const;
    for (const [before, closed, after] of closings) {
      assert.equal(isSession(day(closed)), false);
      assert.deepEqual(sessions(day(before), day(after)), [before, after]);
    }
  });

  it("is closed on the Friday before Easter, wherever that falls", () => {
    // The U.S. Naval Observatory's table of Easter Sundays; 22 March is the earliest there can be, 25 April the latest.
    const sundays = ["1970-03-29", "1981-04-19", "2000-04-23", "2008-03-23", "2038-04-25"];
    for (const sunday of [...sundays, "2049-04-18", "2076-04-19", "2100-03-28"]) {
      assert.equal(isSession(addDays(day(sunday), -2)), false, sunday);
      assert.equal(isSession(addDays(day(sunday), -3)), true, sunday);
      assert.equal(isSession(addDays(day(sunday), 1)), true, sunday);
    }
  });

  it("had 252 sessions in 1998, 248 in 2001 and 250 in 2012", () => {
    const count = (year: number) => sessions(day(`${year}-01-01`), day(`${year}-12-31`)).length;
    assert.deepEqual([1998, 2001, 2012, 2024, 2025].map(count), [252, 248, 250, 252, 250]);
  });

  it("includes both ends, and is empty when there is nothing between", () => {
    const week = ["2024-12-23", "2024-12-24", "2024-12-26", "2024-12-27"];
    assert.deepEqual(sessions(day("2024-12-23"), day("2024-12-27")), week);
    assert.deepEqual(sessions(day("2024-12-31"), day("2025-01-01")), ["2024-12-31"]);
    assert.deepEqual(sessions(day("2024-12-25"), day("2024-12-25")), []);
    assert.deepEqual(sessions(day("2024-12-27"), day("2024-12-23")), []);
  });

  it("begins in 1970 and ends with 2100", () => {
    const message = "The trading calendar covers 1970 to 2100, got a day in 1969.";
    assert.throws(() => isSession(day("1969-12-31")), { constructor: InvalidInput, message });
    assert.throws(() => sessions(day("2100-12-01"), day("2101-01-31")), InvalidInput);
  });
});

describe("a session", () => {
  it("opens at 09:30 and closes at 16:00 in New York, at 13:00 on a half day", () => {
    assert.equal(iso(sessionOpenMs(day("2024-01-16"))), "2024-01-16T14:30:00.000Z");
    assert.equal(iso(sessionCloseMs(day("2024-01-16"))), "2024-01-16T21:00:00.000Z");
    assert.equal(iso(sessionCloseMs(day("2024-07-02"))), "2024-07-02T20:00:00.000Z");
    assert.equal(iso(sessionCloseMs(day("2024-07-03"))), "2024-07-03T17:00:00.000Z");
    assert.equal(iso(sessionCloseMs(day("2024-11-29"))), "2024-11-29T18:00:00.000Z");
  });
});

describe("the last closed session", () => {
  const at = (instant: string): string => lastClosedSession(Date.parse(instant));

  it("changes with the close, to the millisecond", () => {
    const closes = [
      ["2024-07-16T20:00:00.000Z", "2024-07-15", "2024-07-16"],
      // A half day after Thanksgiving, at 13:00.
      ["2024-11-29T18:00:00.000Z", "2024-11-27", "2024-11-29"],
      // The Mondays after the clocks changed: an hour earlier by UTC in spring, later in autumn.
      ["2024-03-11T20:00:00.000Z", "2024-03-08", "2024-03-11"],
      ["2024-11-04T21:00:00.000Z", "2024-11-01", "2024-11-04"],
    ] as const;
    for (const [close, before, after] of closes) {
      assert.equal(lastClosedSession(Date.parse(close) - 1), before);
      assert.equal(lastClosedSession(Date.parse(close)), after);
    }
  });

  it("lies behind weekends, holidays, closings and the end of a year", () => {
    assert.equal(at("2024-07-21T23:00:00Z"), "2024-07-19");
    assert.equal(at("2012-10-31T13:00:00Z"), "2012-10-26");
    assert.equal(at("2001-09-17T13:00:00Z"), "2001-09-10");
    assert.equal(at("2025-01-02T15:00:00Z"), "2024-12-31");
    // In the evening New York is a day behind UTC.
    assert.equal(at("2024-07-17T02:00:00Z"), "2024-07-16");
  });

  it("has closed, and the one after it has not", () => {
    const instants = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2099, 0, 1) });
    fc.assert(
      fc.property(instants, (ms) => {
        const last = lastClosedSession(ms);
        const next = sessions(addDays(last, 1), addDays(last, 10))[0]!;
        assert.ok(isSession(last));
        assert.ok(sessionCloseMs(last) <= ms && ms < sessionCloseMs(next));
        assert.ok(dayNumber(next) - dayNumber(last) <= 7);
      }),
      { numRuns: 300 },
    );
  });
});
