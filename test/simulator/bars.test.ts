import assert from "node:assert/strict";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { day } from "./days.ts";
import { totalReturnIndex } from "./total-returns.ts";

const market = simulateMarket({
  seed: 5,
  securities: 150,
  from: day("2006-01-03"),
  to: day("2015-12-31"),
});
const histories = market.listings.map((listing) => market.history(listing));

const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;

describe("bars", () => {
  it("keep low <= open, close <= high, positive, on ticks, with whole volumes", () => {
    for (const { bars } of histories) {
      for (let row = 0; row < bars.close.length; row++) {
        const [open, high, low, close] = [bars.open, bars.high, bars.low, bars.close].map(
          (column) => column[row]!,
        ) as [number, number, number, number];
        assert.ok(0 < low && low <= Math.min(open, close) && Math.max(open, close) <= high);
        for (const price of [open, high, low, close]) {
          assert.ok(isWhole(price * (price >= 1 ? 100 : 10_000)), `${price}`);
        }
        assert.ok(Number.isInteger(bars.volume[row]) && bars.volume[row]! >= 0);
      }
    }
  });

  it("lie between the first and the last day, one a session, with gaps where trading was halted", () => {
    let halted = 0;
    market.listings.forEach(({ firstDay, delisting }, at) => {
      const { session } = histories[at]!.bars;
      assert.equal(market.sessions[session[0]!], firstDay);
      assert.equal(market.sessions[session.at(-1)!], delisting?.lastDay ?? market.sessions.at(-1));
      for (let row = 1; row < session.length; row++) assert.ok(session[row]! > session[row - 1]!);
      halted += session.at(-1)! - session[0]! + 1 - session.length;
    });
    assert.ok(halted > 100 && halted < 1500, `${halted}`); // 0.1 a year x 1,200 years x 5.5 sessions = 660
  });

  it("move by the ratio at a split, in both directions, and not at all in total return", () => {
    let forward = 0;
    let reverse = 0;
    for (const history of histories) {
      const index = totalReturnIndex(history, market.sessions.length);
      const { session, close } = history.bars;
      for (const { session: at, numerator, denominator, exDate } of history.splits) {
        const row = session.indexOf(at);
        assert.ok(row > 0);
        assert.equal(exDate, market.sessions[at]);
        const move = (close[row]! / close[row - 1]!) * (numerator / denominator);
        assert.ok(Math.abs(move - index[at]! / index[session[row - 1]!]!) < 1e-9);
        assert.ok(move > 0.6 && move < 1.6, `${move}`);
        if (numerator > denominator) forward++;
        else reverse++;
      }
    }
    assert.ok(forward > 20, `${forward}`);
    assert.ok(reverse > 0, `${reverse}`);
  });

  it("pay quarterly dividends in about half of the names, on days with a bar", () => {
    const payers = histories.filter(({ dividends }) => dividends.length > 0);
    assert.ok(payers.length > 55 && payers.length < 95, `${payers.length}`);
    for (const { bars, dividends } of payers) {
      for (const { session, amount } of dividends) {
        const row = bars.session.indexOf(session);
        assert.ok(row > 0);
        assert.ok(amount > 0 && amount <= bars.close[row - 1]! / 10);
      }
    }
    const gaps = payers.flatMap(({ dividends }) =>
      dividends.slice(1).map(({ session }, at) => session - dividends[at]!.session),
    );
    const quarterly = gaps.filter((gap) => gap >= 53 && gap <= 73).length;
    assert.ok(quarterly / gaps.length > 0.98, `${quarterly / gaps.length}`);
  });

  it("trade more dollars where the company is larger", () => {
    const ordered = histories
      .map(({ bars }) =>
        Math.log(bars.close[0]! * bars.volume.slice(0, 60).reduce((a, b) => a + b)),
      )
      .toSorted((a, b) => a - b);
    assert.ok(ordered.at(-1)! - ordered[0]! > Math.log(1000));
  });
});
