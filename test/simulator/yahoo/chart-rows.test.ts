import assert from "node:assert/strict";
import { sessionCloseMs, sessionOpenMs } from "../../../shared/market/calendar.ts";
import { chartRows } from "../../../shared/simulator/yahoo/chart-rows.ts";
import { recordedChart } from "./recordings.ts";
import { dividend, historyOf, sessions, split } from "./tiny-market.ts";

const opens = Float64Array.from(sessions, (day) => sessionOpenMs(day) / 1000);
const closes = Float64Array.from(sessions, (day) => sessionCloseMs(day) / 1000);
const evening = { now: closes.at(-1)! + 3600, opens, closes, splitTwice: false };

describe("chartRows", () => {
  it("divides prices and multiplies volumes by all later splits", () => {
    const history = historyOf([90, 30, 33, 330], {
      splits: [split(1, 3, 1), split(3, 1, 10)],
    });
    const rows = chartRows(history, evening);
    // Before the first: 3 for 1, then 1 for 10: 3/10 new shares for an old one.
    assert.deepEqual([...rows.close], [300, 300, 330, 330]);
    assert.deepEqual([...rows.volume], [300, 100, 100, 1000]);
    assert.deepEqual([...rows.open], [Math.fround(89 / 0.3), 290, 320, 329]);
    assert.deepEqual(rows.splits, [
      { row: 1, numerator: 3, denominator: 1 },
      { row: 3, numerator: 1, denominator: 10 },
    ]);
  });

  it("takes (1 - dividend / close before) off what lies before an ex-date", () => {
    const history = historyOf([100, 98, 49, 50], {
      splits: [split(2)],
      dividends: [dividend(1, 2), dividend(3, 0.49)],
    });
    const rows = chartRows(history, evening);
    assert.deepEqual([...rows.close], [50, 49, 49, 50]);
    assert.deepEqual(rows.dividends, [
      { row: 1, amount: 1 },
      { row: 3, amount: 0.49 },
    ]);
    // 1 - 0.49 / 49 = 0.99 before the second, and (1 - 1 / 50) = 0.98 of that before the first.
    const expected = [50 * 0.99 * 0.98, 49 * 0.99, 49 * 0.99, 50].map(Math.fround);
    assert.deepEqual([...rows.adjclose], expected);
  });

  it("knows nothing of later bars and events", () => {
    const history = historyOf([100, 98, 49, 50], {
      splits: [split(2)],
      dividends: [dividend(3, 0.49)],
    });
    const rows = chartRows(history, { ...evening, now: closes[1]! });
    assert.deepEqual([...rows.close], [100, 98]);
    assert.deepEqual([...rows.adjclose], [100, 98]);
    assert.deepEqual(rows.splits, []);
    // A split is known with the open of its session.
    assert.deepEqual([...chartRows(history, { ...evening, now: opens[2]! }).close], [50, 49, 48]);
  });

  it("shows the part of a session that is over", () => {
    const history = historyOf([100, 110]);
    const rows = chartRows(history, { ...evening, now: opens[1]! + 0.25 * 6.5 * 3600 });
    // From 109 a quarter of the way to 110, and a quarter of the 2 above and the 2 below.
    assert.equal(rows.close[1], 109.25);
    assert.equal(rows.high[1], 109.75);
    assert.equal(rows.low[1], 108.5);
    assert.equal(rows.open[1], 109);
    assert.equal(rows.volume[1], 250);
    assert.equal(rows.close[0], 100);
  });

  it("can apply the latest split twice to the prices before it", () => {
    const history = historyOf([80, 40, 20], { splits: [split(1), split(2)] });
    const rows = chartRows(history, { ...evening, splitTwice: true });
    assert.deepEqual([...rows.close], [10, 10, 20]);
    assert.deepEqual([...rows.volume], [4000, 2000, 1000]);
  });

  it("rounds prices to float32, printed in full", () => {
    const rows = chartRows(historyOf([164.32]), evening);
    assert.equal(String(rows.close[0]), "164.32000732421875"); // as Yahoo's recorded AAPL of 2022-02-22
  });

  for (const symbol of ["AAPL", "MSFT"]) {
    it(`makes Yahoo's recorded adjusted closes of ${symbol} from its closes and dividends`, function () {
      const recorded = recordedChart(this, `yfinance-rs/history_chart_${symbol}.json`);
      const [{ close }] = recorded.indicators.quote;
      const stamps = Float64Array.from(recorded.timestamp);
      const dividends = Object.values(recorded.events.dividends).map(({ amount, date }) => {
        const session = stamps.indexOf(date);
        return { exDate: sessions[0]!, session, amount };
      });
      const rows = chartRows(historyOf(close, { dividends }), {
        now: stamps.at(-1)!,
        opens: stamps,
        closes: stamps,
        splitTwice: false,
      });
      assert.equal(dividends.length, 2);
      recorded.indicators.adjclose[0].adjclose.forEach((expected, row) => {
        const relative = Math.abs(rows.adjclose[row]! / expected - 1);
        assert.ok(relative < 4e-7, `row ${row}: ${rows.adjclose[row]!} for ${expected}`);
      });
    });
  }
});
