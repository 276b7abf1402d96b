import assert from "node:assert/strict";
import { InvalidInput } from "../../shared/errors.ts";
import { isSession } from "../../shared/market/calendar.ts";
import { simulateMarket, type MarketOptions } from "../../shared/simulator/market.ts";
import { day } from "./days.ts";
import { historyDigest } from "./digest.ts";

const options: MarketOptions = {
  seed: 42,
  securities: 60,
  from: day("2012-01-03"),
  to: day("2016-12-30"),
};

describe("simulateMarket", () => {
  it("makes the same bytes from the same seed, on every machine", () => {
    const market = simulateMarket(options);
    assert.deepEqual(
      [0, 1, 2, 3, 4, 17].map((id) => historyDigest(market.history(market.listings[id]!))),
      [
        "e4bab91fcadef21d",
        "deca1a160bf386b7",
        "de5dffbd05615906",
        "149f14fbb325cb76",
        "d4a5af68b526407c",
        "de4f30edfa65de6d",
      ],
    );
  });

  it("makes other bytes from another seed", () => {
    const one = simulateMarket(options);
    const other = simulateMarket({ ...options, seed: 43 });
    assert.notEqual(
      historyDigest(one.history(one.listings[4]!)),
      historyDigest(other.history(other.listings[4]!)),
    );
  });

  it("makes one security alone as it makes it among others, in any order and any number", () => {
    const among = simulateMarket(options);
    const digests = among.listings.map((listing) => historyDigest(among.history(listing)));
    const backwards = among.listings.toReversed();
    assert.deepEqual(
      backwards.map((listing) => historyDigest(among.history(listing))),
      digests.toReversed(),
    );
    const fewer = simulateMarket({ ...options, securities: 18 });
    assert.deepEqual(fewer.listings[17], among.listings[17]);
    assert.equal(historyDigest(fewer.history(fewer.listings[17]!)), digests[17]);
  });

  it("has the sessions of New York's calendar", () => {
    const market = simulateMarket(options);
    assert.equal(market.sessions.length, 1258); // 250 + 252 + 252 + 252 + 252
    assert.ok(market.sessions.every(isSession));
    assert.ok(!market.sessions.includes(day("2012-10-29"))); // hurricane Sandy
    assert.ok(market.sessions.includes(day("2012-11-23"))); // a half day
  });

  it("says that it is simulated, and which group each ticker is in", () => {
    const market = simulateMarket(options);
    assert.equal(market.source, "simulated");
    for (const { id, ticker, group } of market.listings) {
      if (id !== 2) assert.equal(market.groups.get(ticker), group);
    }
    assert.ok(new Set(market.groups.values()).size > 8);
  });

  const mistakes = [
    [{ securities: 0 }, /securities: expected a whole number from 1 on, got 0/],
    [{ securities: 2.5 }, /got 2.5/],
    [{ to: day("2012-02-03") }, /needs 100 sessions, 2012-01-03 to 2012-02-03 has 23/],
    [{ rho: { rev_5: 0.8, mom_12_1: 0.6 } }, /squares that add to less than 1/],
  ] as const;
  for (const [mistake, message] of mistakes) {
    it(`refuses ${JSON.stringify(mistake)}`, () => {
      assert.throws(
        () => simulateMarket({ ...options, ...mistake }),
        (error) => error instanceof InvalidInput && message.test(error.message),
      );
    });
  }
});
