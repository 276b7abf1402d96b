import assert from "node:assert/strict";
import { sessionCloseMs, sessions } from "../../shared/market/calendar.ts";
import { dayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";
import { axisOf } from "../../shared/factors/series.ts";
import { textAtSessions } from "../../shared/factors/text-at-sessions.ts";
import type { TextSignals } from "../../shared/text/text-inputs.ts";

const day = parseTradingDay;
const days = sessions(day("2024-01-02"), day("2024-01-10"));
const axis = axisOf(Uint16Array.from(days, dayNumber), 0);
const close = (at: number): number => sessionCloseMs(days[at]!) / 1000;

function signalsOf(rows: readonly [string, number, number, string?][]): TextSignals {
  const names = [...new Set(rows.map(([name]) => name))].sort();
  return {
    names,
    name: Uint16Array.from(rows, ([name]) => names.indexOf(name)),
    period: Int32Array.from(rows, ([, , , period = "2023-12-31"]) => dayNumber(day(period))),
    value: Float64Array.from(rows, ([, value]) => value),
    known: Float64Array.from(rows, ([, , known]) => known),
  };
}

describe("texts at sessions", () => {
  it("give each story to the first session at whose close it was known", () => {
    const { news_sentiment, news_stories } = textAtSessions(
      signalsOf([
        // At the very close, a second after it, on the weekend of 6 January.
        ["news_sentiment", 0.5, close(1)],
        ["news_sentiment", -0.2, close(1) + 1],
        ["news_sentiment", 0.1, Date.parse("2024-01-06T12:00:00Z") / 1000],
        ["news_sentiment", 0.3, Date.parse("2024-01-07T12:00:00Z") / 1000],
      ]),
      ["news_sentiment", "news_stories"],
      axis,
    );
    // 2, 3, 4, 5, 8, 9 and 10 January.
    assert.deepEqual([...news_stories!], [NaN, 1, 1, 0, 2, 0, 0]);
    assert.deepEqual([...news_sentiment!], [NaN, 0.5, -0.2, 0, 0.4, 0, 0]);
  });

  it("keep what a document says until the next period's, and know the one of the year before", () => {
    const told = textAtSessions(
      signalsOf([
        ["risk_tone", 0.1, close(0) - 86_400 * 300, "2022-12-31"],
        ["risk_tone", 0.4, close(1), "2023-12-31"],
        // A late correction of the older year changes what was a year ago, and nothing else.
        ["risk_tone", 0.2, close(3), "2022-12-31"],
      ]),
      ["text_risk_tone", "text_risk_tone_year_ago"],
      axis,
    );
    assert.deepEqual([...told["text_risk_tone"]!], [0.1, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4]);
    assert.deepEqual([...told["text_risk_tone_year_ago"]!], [NaN, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2]);
  });

  it("forget what is older than a year and a half, and know nothing of who is not told of", () => {
    const old = signalsOf([["risk_tone", 0.1, close(0) - 86_400 * 400, "2022-06-30"]]);
    assert.ok(textAtSessions(old, ["text_risk_tone"], axis)["text_risk_tone"]!.every(Number.isNaN));
    assert.ok(textAtSessions(undefined, ["news_stories"], axis).news_stories!.every(Number.isNaN));
  });
});
