import assert from "node:assert/strict";
import {
  backAdjusted,
  forwardFactors,
  type CorporateAction,
} from "../../shared/market/adjustment.ts";
import { dayNumber, parseTradingDay, type TradingDay } from "../../shared/market/trading-day.ts";
import { readChartBody } from "../../shared/sources/yahoo/chart-body.ts";
import { readHistory } from "../../shared/sources/yahoo/history.ts";
import { leanCloses, leanFactors } from "../support/lean.ts";
import { numberColumn, recordedBytes, recordedTable } from "../support/recorded-data.ts";

const numbersOf = (days: readonly TradingDay[]) => Int32Array.from(days, dayNumber);

/** Distributions and splits of Quandl's AAPL, as it prints them. */
function quandl(context: Mocha.Context) {
  const table = recordedTable(context, "B_ohlcv/zipline_quandl/AAPL.csv.gz");
  const days = table.slice(1).map(([day]) => parseTradingDay(day!));
  const [dividends, splits] = [numberColumn(table, 6), numberColumn(table, 7)];
  const actions = days.flatMap((exDate, at): CorporateAction[] => [
    ...(splits[at] === 1 ? [] : [{ kind: "split" as const, exDate, value: splits[at]! }]),
    ...(dividends[at] === 0 ? [] : [{ kind: "dividend" as const, exDate, value: dividends[at]! }]),
  ]);
  return { days, closes: numberColumn(table, 4), actions };
}

describe("adjustment against recorded vendors (../shared/data)", () => {
  it("makes Quandl's split-adjusted AAPL of its traded one, to single precision", function () {
    const raw = recordedTable(this, "B_ohlcv/zipline_quandl/AAPL.csv");
    const adjusted = quandl(this);
    const days = raw.slice(1).map(([day]) => parseTradingDay(day!));
    const splits = adjusted.actions.filter(({ kind }) => kind === "split");
    assert.deepEqual(splits, [{ kind: "split", exDate: "2014-06-09", value: 7 }]);
    const closes = numberColumn(raw, 4);
    const { split } = forwardFactors({ days: numbersOf(days), closes }, splits);
    const made = backAdjusted(closes, split);
    const printed = new Map(adjusted.days.map((day, at) => [day, adjusted.closes[at]!]));
    // Both files were rounded to floats before they were printed, the one before the division and the other after it.
    for (const [at, day] of days.entries()) {
      assert.ok(Math.abs(made[at]! / printed.get(day)! - 1) < 2 ** -23, day);
    }
    // So two thirds of the days before the split agree in all six decimals, and those after it in any case.
    const asPrinted = days.map((day, at) => Math.abs(made[at]! - printed.get(day)!) < 6e-7);
    const exDate = days.indexOf(parseTradingDay("2014-06-09"));
    assert.equal(days.length, 127);
    assert.equal(asPrinted.slice(0, exDate).filter(Boolean).length, 46);
    assert.equal(asPrinted.slice(exDate).filter(Boolean).length, 59);
  });

  it("compounds Quandl's dividends by its own formula, close / (close + dividend), to 1e-12", function () {
    // The formula that reproduces WIKI prices' adjusted closes [DOMAIN.md section 3], written out day by day. The file
    // holds no adjusted close, so its column is not compared.
    const { days, closes, actions } = quandl(this);
    const paid = new Map(actions.map(({ kind, exDate, value }) => [`${kind} ${exDate}`, value]));
    const dividends = actions.filter(({ kind }) => kind === "dividend");
    const { totalReturn } = forwardFactors({ days: numbersOf(days), closes }, dividends);
    const made = backAdjusted(closes, totalReturn);
    let factor = 1;
    for (let at = days.length - 1; at >= 0; at--) {
      assert.ok(Math.abs(made[at]! / (closes[at]! * factor) - 1) < 1e-12, days[at]);
      const dividend = paid.get(`dividend ${days[at]!}`) ?? 0;
      factor *= closes[at]! / (closes[at]! + dividend);
    }
    assert.equal(dividends.length, 10);
  });

  /** IBM pays whole cents, Apple multiples of half a cent: that is what tells a dividend from its rounded factor. */
  const payers = [
    { ticker: "ibm", unit: 0.01, dividends: 93, splits: 1 },
    { ticker: "aapl", unit: 0.005, dividends: 35, splits: 4 },
  ];
  for (const { ticker, unit, dividends, splits } of payers) {
    it(`makes LEAN's factor file of ${ticker} from traded closes and dividends, 1998 to 2021`, function () {
      const { days, closes } = leanCloses(this, ticker);
      const rows = leanFactors(this, ticker);
      const actions = rows.slice(0, -1).flatMap((row, at): CorporateAction[] => {
        const [next, bar] = [rows[at + 1]!, days.indexOf(row.day)];
        const exDate = days[bar + 1]!;
        // Price factor: 1 - dividend / close before, for all that is before.
        const implied = (1 - row.price / next.price) * closes[bar]!;
        const value = Math.round(implied / unit) * unit;
        assert.ok(Math.abs(implied - value) < 3e-7 * closes[bar]!, `${exDate}: ${implied}`);
        const ratio = Math.round((1000 * next.split) / row.split) / 1000;
        return [
          ...(value === 0 ? [] : [{ kind: "dividend" as const, exDate, value }]),
          ...(ratio === 1 ? [] : [{ kind: "split" as const, exDate, value: ratio }]),
        ];
      });
      assert.equal(actions.filter(({ kind }) => kind === "dividend").length, dividends);
      assert.equal(actions.filter(({ kind }) => kind === "split").length, splits);

      const bars = { days: numbersOf(days), closes };
      const { split, totalReturn } = forwardFactors(bars, actions, "previous-close");
      const [lastSplit, lastTotal] = [split.at(-1)!, totalReturn.at(-1)!];
      for (const row of rows.slice(0, -1)) {
        const at = days.indexOf(row.day);
        const [splitFactor, total] = [split[at]! / lastSplit, totalReturn[at]! / lastTotal];
        // Written with seven or eight decimals, 1 / 56 as 0.01785710.
        assert.ok(Math.abs(splitFactor - row.split) < 5e-8, `split of ${row.day}`);
        const difference = Math.abs(total / splitFactor - row.price);
        assert.ok(difference < 1e-7, `${row.day}: ${difference}`);
      }
    });
  }

  it("joins two vendors: Quandl's dividends on LEAN's closes give LEAN's factors of AAPL", function () {
    const { days, closes } = leanCloses(this, "aapl");
    const { actions } = quandl(this);
    // Quandl prints amounts on the shares after the split of 7 for 1.
    const asPaid = actions.map((action) =>
      action.kind === "dividend" && action.exDate < "2014-06-09"
        ? { ...action, value: 7 * action.value }
        : action,
    );
    const bars = { days: numbersOf(days), closes };
    const { split, totalReturn } = forwardFactors(bars, asPaid, "previous-close");
    const rows = leanFactors(this, "aapl").filter(
      ({ day }) => day >= "2012-08-08" && day <= "2014-11-05",
    );
    const end = rows.at(-1)!;
    const base = days.indexOf(end.day);
    const price = (at: number): number => totalReturn[at]! / split[at]!;
    for (const row of rows) {
      const made = (price(days.indexOf(row.day)) / price(base)) * end.price;
      // Seven decimals in LEAN's file, and 1e-5 of 0.37857 in Quandl's.
      assert.ok(Math.abs(made - row.price) < 3e-7, `${row.day}: ${made} for ${row.price}`);
    }
    assert.equal(rows.length, 11);
  });

  for (const symbol of ["AAPL", "MSFT"]) {
    it(`makes Yahoo's recorded adjclose of ${symbol} by the close before, to 4e-7`, function () {
      const body = readChartBody(
        recordedBytes(this, `A_yahoo/yfinance-rs/history_chart_${symbol}.json`),
      );
      assert.ok("adjclose" in body);
      const verdict = readHistory(body, {
        to: parseTradingDay("2025-10-28"),
        fetchedMs: Date.parse("2025-10-29T20:05:00Z"),
      });
      assert.equal(verdict.state, "done");
      const { bars, actions } = verdict.history;
      const { totalReturn } = forwardFactors(
        { days: numbersOf(bars.days), closes: bars.close },
        actions,
        "previous-close",
      );
      const made = backAdjusted(bars.close, totalReturn);
      made.forEach((value, at) => {
        assert.ok(Math.abs(value / body.adjclose[at]! - 1) < 4e-7, bars.days[at]);
      });
      assert.equal(actions.length, 2);
      // The other formula is another number: by the dividend's share of the price times the return of its ex-date.
      const exClose = forwardFactors({ days: numbersOf(bars.days), closes: bars.close }, actions);
      const other = backAdjusted(bars.close, exClose.totalReturn)[0]!;
      assert.ok(Math.abs(other / body.adjclose[0]! - 1) > 8e-7, `${other / body.adjclose[0]! - 1}`);
    });
  }
});
