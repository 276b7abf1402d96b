import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidInput } from "../../shared/errors.ts";
import {
  addDays,
  dayNumber,
  earlierDay,
  fromDayNumber,
  isTradingDay,
  laterDay,
  parseTradingDay,
} from "../../shared/market/trading-day.ts";

const day = (text: string) => parseTradingDay(text);

describe("a trading day", () => {
  it("is the text of a day that exists", () => {
    for (const text of ["2024-02-29", "2000-02-29", "1969-12-31", "2100-12-31"]) {
      assert.ok(isTradingDay(text), text);
    }
    const others = [
      ["2023-02-29", "no leap year"],
      ["1900-02-29", "no leap year by the Gregorian rule"],
      ["2024-04-31", "April has 30 days"],
      ["2024-13-01", "no such month"],
      ["2024-00-10", "no such month"],
      ["2024-2-01", "one digit"],
      ["20240201", "no dashes"],
      ["2024-02-01T00:00", "a time behind it"],
      [" 2024-02-01", "a blank before it"],
      ["２０２４-02-01", "digits of another script"],
      ["", "nothing"],
    ] as const;
    for (const [text, why] of others) assert.ok(!isTradingDay(text), why);
  });

  it("is refused with what it is for, what was expected and what came", () => {
    assert.throws(() => parseTradingDay("31.01.2024", "universe.csv:7"), {
      constructor: InvalidInput,
      message: 'universe.csv:7: expected a day as YYYY-MM-DD, got "31.01.2024".',
    });
  });

  it("has the number of days since 1970", () => {
    // Unix time of the midnights: 946,684,800 s, 1,709,164,800 s and -252,374,400 s, over 86,400.
    assert.equal(dayNumber(day("1970-01-01")), 0);
    assert.equal(dayNumber(day("2000-01-01")), 10_957);
    assert.equal(dayNumber(day("2024-02-29")), 19_782);
    assert.equal(dayNumber(day("1962-01-02")), -2_921);
  });

  it("comes back from its number, and sorts as it does", () => {
    const numbers = fc.integer({ min: -10_000, max: 47_000 });
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [first, second] = [fromDayNumber(a), fromDayNumber(b)];
        assert.equal(dayNumber(first), a);
        assert.ok(isTradingDay(first));
        assert.equal(first < second, a < b);
        assert.equal(addDays(first, b - a), second);
        assert.equal(dayNumber(laterDay(first, second)), Math.max(a, b));
        assert.equal(dayNumber(earlierDay(first, second)), Math.min(a, b));
      }),
    );
  });

  it("has a day after it over the ends of months and years", () => {
    assert.equal(addDays(day("2024-02-28"), 1), "2024-02-29");
    assert.equal(addDays(day("2023-02-28"), 1), "2023-03-01");
    assert.equal(addDays(day("2024-01-01"), -1), "2023-12-31");
  });
});
