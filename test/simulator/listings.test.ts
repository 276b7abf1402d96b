import assert from "node:assert/strict";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { day } from "./days.ts";
import { totalReturnIndex } from "./total-returns.ts";

const market = simulateMarket({
  seed: 9,
  securities: 400,
  from: day("2010-01-04"),
  to: day("2019-12-31"),
});
const { listings, sessions } = market;

function correlation(a: readonly number[], b: readonly number[]): number {
  const center = (values: readonly number[]): number[] => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  const [x, y] = [center(a), center(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

const dailyReturns = (id: number): number[] => {
  const index = totalReturnIndex(market.history(listings[id]!), sessions.length);
  return Array.from(index.subarray(1), (price, at) => price / index[at]! - 1).filter(
    Number.isFinite,
  );
};

describe("listings", () => {
  it("have two share classes of one company that move together and pay the same days", () => {
    const [a, b] = [listings[0]!, listings[1]!];
    assert.match(a.ticker, /^[A-Z]{4}\.A$/);
    assert.equal(b.ticker, a.ticker.replace(".A", ".B"));
    assert.equal(a.issuer, b.issuer);
    const related = correlation(dailyReturns(0), dailyReturns(1));
    assert.ok(related > 0.99 && related < 0.99999, `${related}`);
    const [one, other] = [market.history(a), market.history(b)];
    assert.deepEqual(one.splits, other.splits);
    assert.deepEqual(one.dividends, other.dividends);
    assert.deepEqual(one.bars.session, other.bars.session);
    assert.notDeepEqual(one.bars.volume, other.bars.volume);
  });

  it("have a ticker that another company takes over years after the first is gone", () => {
    const [first, second] = [listings[2]!, listings[3]!];
    assert.equal(first.ticker, second.ticker);
    assert.notEqual(first.issuer, second.issuer);
    assert.notEqual(first.name, second.name);
    assert.equal(first.delisting?.lastDay, "2013-01-02"); // session 754 of 2,516, the first of 2013
    assert.equal(second.firstDay, "2015-12-31");
    assert.equal(market.groups.get(first.ticker), second.group);
  });

  it("have unique tickers else, and an issuer a company", () => {
    assert.equal(new Set(listings.map(({ ticker }) => ticker)).size, 399);
    assert.equal(new Set(listings.map(({ issuer }) => issuer)).size, 399);
    assert.ok(listings.every(({ issuer }) => /^99\d{8}$/.test(issuer)));
  });

  it("come late in about a quarter of the names, and go at the rate asked for", () => {
    const late = listings.filter(({ firstDay }) => firstDay > sessions[0]!).length;
    assert.ok(late > 70 && late < 135, `${late}`);
    const gone = listings.flatMap(({ delisting }) => delisting ?? []);
    assert.ok(gone.length > 65 && gone.length < 130, `${gone.length}`); // 400 names x about 8.7 years x 0.03
    const takeovers = gone.filter(({ reason }) => reason === "takeover");
    const failures = gone.filter(({ reason }) => reason === "failure");
    assert.ok(takeovers.length > 25 && failures.length > 15);
    assert.ok(takeovers.every((end) => end.return >= 0 && end.return <= 0.02));
    assert.ok(failures.every((end) => end.return >= -1 && end.return <= -0.3));
  });

  it("jump by a premium when a takeover is announced, and stand still after it", () => {
    for (const { id, delisting } of listings) {
      if (delisting?.reason !== "takeover") continue;
      const returns = dailyReturns(id).slice(-90);
      const jump = returns.findLastIndex((move) => move > 0.13);
      assert.ok(jump >= 0);
      for (const move of returns.slice(jump + 1)) assert.ok(Math.abs(move) < 0.03, `${move}`);
    }
  });
});
