import assert from "node:assert/strict";
import fc from "fast-check";
import { newYorkDay, newYorkInstant } from "../../shared/market/new-york.ts";
import { dayNumber, fromDayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";

const clock = (day: string, time: string): string => {
  const [hours, minutes] = time.split(":").map(Number) as [number, number];
  const instant = newYorkInstant(parseTradingDay(day), 60 * hours + minutes);
  return new Date(instant).toISOString().slice(0, 16);
};

describe("New York's clock", () => {
  it("is five hours behind UTC in winter and four in summer", () => {
    assert.equal(clock("2024-01-16", "09:30"), "2024-01-16T14:30");
    assert.equal(clock("2024-07-16", "09:30"), "2024-07-16T13:30");
    assert.equal(clock("2024-07-16", "23:59"), "2024-07-17T03:59");
  });

  it("changes on the Sundays of the law of its time", () => {
    // Second Sunday of March to first of November since 2007; first of April to last of October from 1987; last of April
    // before; and all year from 6 January 1974 (Emergency Daylight Saving Time Act).
    const changes: [winter: string, summer: string][] = [
      ["2024-03-08", "2024-03-11"],
      ["2006-03-31", "2006-04-03"],
      ["1986-04-25", "1986-04-28"],
      ["1974-01-04", "1974-01-07"],
    ];
    for (const [winter, summer] of changes) {
      assert.equal(clock(winter, "16:00"), `${winter}T21:00`);
      assert.equal(clock(summer, "16:00"), `${summer}T20:00`);
    }
    assert.equal(clock("2024-11-01", "16:00"), "2024-11-01T20:00");
    assert.equal(clock("2024-11-04", "16:00"), "2024-11-04T21:00");
  });

  it("goes from 01:59 to 03:00 on a Sunday in spring", () => {
    assert.equal(clock("2024-03-10", "00:00"), "2024-03-10T05:00");
    assert.equal(clock("2024-03-10", "01:59"), "2024-03-10T06:59");
    assert.equal(clock("2024-03-10", "03:00"), "2024-03-10T07:00");
  });

  it("shows an hour twice on a Sunday in autumn, of which the first is meant", () => {
    assert.equal(clock("2024-11-03", "00:59"), "2024-11-03T04:59");
    assert.equal(clock("2024-11-03", "01:30"), "2024-11-03T05:30");
    assert.equal(clock("2024-11-03", "02:00"), "2024-11-03T07:00");
  });
});

describe("New York's day", () => {
  it("begins at midnight of its own clock, also where the clocks change", () => {
    const begins = [
      ["2024-01-16", "2024-01-16T05:00:00.000Z"],
      ["2024-03-10", "2024-03-10T05:00:00.000Z"],
      ["2024-03-11", "2024-03-11T04:00:00.000Z"],
      ["2024-11-03", "2024-11-03T04:00:00.000Z"],
      ["2024-11-04", "2024-11-04T05:00:00.000Z"],
    ] as const;
    for (const [day, midnight] of begins) {
      const ms = Date.parse(midnight);
      assert.equal(newYorkDay(ms), day);
      assert.equal(newYorkDay(ms - 1), fromDayNumber(dayNumber(parseTradingDay(day)) - 1));
    }
  });

  it("exists before 1970: Yahoo's firstTradeDate of IBM is 1962-01-02, 09:30", () => {
    assert.equal(newYorkDay(-252_322_200_000), "1962-01-02");
    assert.equal(newYorkInstant(parseTradingDay("1962-01-02"), 9 * 60 + 30), -252_322_200_000);
    assert.equal(newYorkDay(-1), "1969-12-31");
    assert.equal(newYorkDay(0), "1969-12-31");
    assert.equal(newYorkDay(5 * 3_600_000), "1970-01-01");
  });

  it("is that of any time that is said to be on it", () => {
    // 1955 to 2069.
    const days = fc.integer({ min: -5_500, max: 36_500 });
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 1439 }), (number, minutes) => {
        const day = fromDayNumber(number);
        assert.equal(newYorkDay(newYorkInstant(day, minutes)), day);
      }),
      { numRuns: 2000 },
    );
  });

  it("is what the platform's own calendar says, minute by minute around each change of the clocks", () => {
    // Rests on the same time-zone data; what is proved is that nothing is lost by keeping offsets a week at a time.
    const calendar = new Intl.DateTimeFormat("sv-SE", { timeZone: "America/New_York" });
    const around = fc
      .tuple(
        fc.constantFrom("1967-04-30", "1974-01-06", "2006-10-29", "2007-03-11", "2031-11-02"),
        fc.integer({ min: -2 * 1440, max: 3 * 1440 }),
      )
      .map(([day, minutes]) => Date.parse(`${day}T00:00:00Z`) + 60_000 * minutes);
    fc.assert(
      fc.property(around, (ms) => {
        assert.equal(newYorkDay(ms), calendar.format(ms));
      }),
      { numRuns: 1000 },
    );
  });
});
