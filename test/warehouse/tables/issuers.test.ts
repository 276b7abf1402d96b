import assert from "node:assert/strict";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import {
  issuerOfTicker,
  issuersOfSecurities,
  linkSecurities,
  nameOfIssuer,
  searchSecurities,
} from "../../../shared/warehouse/tables/issuers.ts";
import { useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";

const market = simulateMarket({
  seed: 12,
  securities: 24,
  from: parseTradingDay("2019-01-02"),
  to: parseTradingDay("2020-06-30"),
});
const [classA, classB] = market.listings as [
  (typeof market.listings)[number],
  (typeof market.listings)[number],
];
const renamed = market.listings.find(
  ({ issuer, delisting }) => (Number(issuer) - 9_900_000_000) % 11 === 5 && delisting === undefined,
)!;

describe("issuers and their securities", () => {
  const warehouse = useSimulatedWarehouse(market, { reports: true });
  const now = Date.parse("2020-07-02T12:00:00Z");

  it("two share classes are two securities of one issuer", async () => {
    const found = await searchSecurities(warehouse(), String(Number(classA.issuer)));
    assert.deepEqual(
      found.map(({ ticker, issuer_id }) => [ticker, issuer_id]),
      [
        [classA.ticker, classA.issuer],
        [classB.ticker, classA.issuer],
      ],
    );
    assert.equal(new Set(found.map(({ security_id }) => security_id)).size, 2);
    const all = await issuersOfSecurities(warehouse());
    assert.equal(all.filter(({ issuerId }) => issuerId === classA.issuer).length, 2);
  });

  it("are found by ticker in any spelling, by a part of a name, and by one they had before", async () => {
    const byTicker = await searchSecurities(warehouse(), classB.ticker.toLowerCase());
    // With the other class of its company beside it.
    assert.deepEqual(
      byTicker.map(({ ticker }) => ticker),
      [classA.ticker, classB.ticker],
    );
    for (const search of [renamed.name.slice(0, 5), `old ${renamed.name.slice(0, 6)}`]) {
      const found = await searchSecurities(warehouse(), search);
      const one = found.find(({ issuer_id }) => issuer_id === renamed.issuer);
      assert.ok(one, search);
      assert.deepEqual(one.former_names, [`OLD ${renamed.name.toUpperCase()} (SIMULATED)`]);
      assert.equal(one.exchange, renamed.exchange);
      assert.match(one.sic!, /^\d{4}$/);
      assert.equal(
        await nameOfIssuer(warehouse(), renamed.issuer),
        `${renamed.name.toUpperCase()} (SIMULATED)`,
      );
    }
    assert.deepEqual(await searchSecurities(warehouse(), "no such company"), []);
    assert.equal(await issuerOfTicker(warehouse(), renamed.ticker.toLowerCase()), renamed.issuer);
    assert.equal(await issuerOfTicker(warehouse(), "NOSUCH"), undefined);
  });

  it("a name is known from the day it began, an industry since it was seen", async () => {
    const rows = await warehouse().rows<{ attribute: string; early: number }>(
      `SELECT attribute, max(known_at < toDateTime('2020-07-01 00:00:00', 'UTC')) AS early FROM issuer_attributes
       WHERE issuer_id = {issuer:String} AND (attribute = 'sic' OR to_day IS NOT NULL) GROUP BY attribute ORDER BY attribute`,
      { issuer: renamed.issuer },
    );
    assert.deepEqual(rows, [
      { attribute: "name", early: 1 },
      { attribute: "sic", early: 0 },
    ]);
  });

  it("securities without one find theirs by the ticker that EDGAR lists, once", async () => {
    const before = await issuersOfSecurities(warehouse());
    await warehouse().command(
      "ALTER TABLE securities UPDATE issuer_id = '' WHERE true SETTINGS mutations_sync = 2",
    );
    assert.deepEqual(await issuersOfSecurities(warehouse()), []);
    // One whose ticker EDGAR lists today, and whose bars ended a year ago: another company had it then.
    const { ticker } = renamed;
    await warehouse().command(
      `INSERT INTO securities SELECT 'S009999', '', 'archive', {ticker:String}, toDate('2019-01-02'), now()`,
      { ticker },
    );
    await warehouse().command(
      `INSERT INTO tickers SELECT 'S009999', {ticker:String}, toDate('2019-01-02'), NULL, toDateTime('2019-01-02 14:30:00', 'UTC'), now()`,
      { ticker },
    );
    await warehouse().command(
      `INSERT INTO bars SELECT 'archive', 'S009999', day, known_at, 0, open, high, low, close, volume, '', '', now()
       FROM bars WHERE security_id = 'S000001' AND day < '2019-06-28'`,
    );
    const linked = await linkSecurities(warehouse(), now);
    assert.ok(linked > 10);
    const after = await issuersOfSecurities(warehouse());
    assert.equal(after.length, linked);
    for (const one of after) {
      assert.equal(
        before.find(({ securityId }) => securityId === one.securityId)?.issuerId,
        one.issuerId,
      );
    }
    assert.equal(
      await linkSecurities(warehouse(), now),
      0,
      "those that are gone from EDGAR's lists stay without",
    );
  });
});
