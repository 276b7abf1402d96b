import assert from "node:assert/strict";
import { isHalfDay, sessions } from "../../shared/market/calendar.ts";
import { parseTradingDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { leanCloses } from "../support/lean.ts";
import { recordedTable } from "../support/recorded-data.ts";

describe("the calendar against recorded sessions (../shared/data)", () => {
  for (const ticker of ["spy", "ibm"]) {
    it(`is the 5,849 days on which ${ticker} traded from 1998 to March 2021`, function () {
      const { days } = leanCloses(this, ticker);
      assert.equal(days.length, 5849);
      assert.deepEqual(
        days,
        sessions(parseTradingDay("1998-01-01"), parseTradingDay("2021-03-31")),
      );
    });
  }

  describe("and the times of Google's bars, 2008 to 2017", () => {
    /** Times of the bars' stamps, by day. */
    const times = new Map<TradingDay, Set<string>>();
    before(function () {
      const file = "B_ohlcv/google_finance_sp500/google_eod_sp500_2008_2017.dev.csv.gz";
      for (const [, , stamp] of recordedTable(this, file).slice(1)) {
        const day = stamp!.slice(0, 10) as TradingDay;
        const known = times.get(day);
        if (known) known.add(stamp!.slice(11, 16));
        else times.set(day, new Set([stamp!.slice(11, 16)]));
      }
    });

    it("is the days of the 250 names", () => {
      const days = [...times.keys()].sort();
      assert.equal(days.length, 2505);
      assert.deepEqual(days, sessions(days[0]!, days.at(-1)!));
    });

    it("ends early on each day with a bar of 13:00, and in those years on no other", () => {
      const early = [...times].filter(([, stamps]) => stamps.has("13:00")).map(([day]) => day);
      assert.ok(early.every(isHalfDay));
      // In 2008 and from 2013 to 2015 Google stamped half days 16:00 like the others, so nothing is shown of them.
      const marks = (day: TradingDay): boolean => /^20(09|1[01267])/.test(day);
      assert.deepEqual(early.sort(), [...times.keys()].filter(marks).filter(isHalfDay).sort());
      assert.equal(early.length, 10);
    });
  });
});
