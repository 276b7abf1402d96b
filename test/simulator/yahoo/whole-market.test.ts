import assert from "node:assert/strict";
import { sessionCloseMs, sessionOpenMs } from "../../../shared/market/calendar.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import { day } from "../days.ts";
import { chartUrl, fetchChart } from "./chart.ts";

const market = simulateMarket({
  seed: 3,
  securities: 80,
  from: day("2010-01-04"),
  to: day("2017-12-29"),
});
const { listings } = market;

describe("startYahoo over a simulated market", () => {
  it("gives back the closes as traded when all splits are undone", async () => {
    await using yahoo = await startYahoo(market);
    let splitsSeen = 0;
    for (const listing of listings.filter(({ id }) => id !== 2)) {
      const { bars } = market.history(listing);
      const { timestamp, events, indicators } = await fetchChart(yahoo, listing.ticker);
      const splits = Object.values(events?.splits ?? {});
      splitsSeen += splits.length;
      assert.equal(timestamp?.length, bars.close.length);
      timestamp.forEach((stamp, row) => {
        const later = splits.filter(({ date }) => date > stamp);
        const ratio = later.reduce((all, { numerator, denominator }) => {
          return (all * numerator) / denominator;
        }, 1);
        const close = indicators.quote[0].close![row]! * ratio;
        assert.ok(Math.abs(close / bars.close[row]! - 1) < 1e-6);
      });
    }
    assert.ok(splitsSeen > 10, `${splitsSeen}`);
  });

  it("serves the history of a delisted name up to its last session, or removes it", async () => {
    const listing = listings.find(({ id, delisting }) => id > 3 && delisting !== undefined)!;
    const { lastDay } = listing.delisting!;
    {
      await using yahoo = await startYahoo(market);
      const { meta, timestamp } = await fetchChart(yahoo, listing.ticker);
      assert.equal(timestamp!.at(-1), sessionOpenMs(lastDay) / 1000);
      assert.equal(meta["regularMarketTime"], sessionCloseMs(lastDay) / 1000 + 1);
    }
    await using yahoo = await startYahoo(market, { removeDelisted: true });
    assert.equal((await fetch(chartUrl(yahoo, listing.ticker))).status, 404);
  });

  it("serves only the present company of a reused ticker", async () => {
    await using yahoo = await startYahoo(market);
    const second = listings[3]!;
    const { meta, timestamp } = await fetchChart(yahoo, second.ticker);
    assert.equal(meta["shortName"], second.name);
    assert.equal(timestamp![0], sessionOpenMs(second.firstDay) / 1000);
  });

  it("serves both share classes, by Yahoo's symbols", async () => {
    await using yahoo = await startYahoo(market);
    const closes = async (symbol: string): Promise<number[]> => {
      const { meta, indicators } = await fetchChart(yahoo, symbol);
      assert.equal(meta["symbol"], symbol);
      return indicators.quote[0].close! as number[];
    };
    const [a, b] = await Promise.all(
      listings.slice(0, 2).map(({ ticker }) => closes(ticker.replace(".", "-"))),
    );
    const ratios = a!.map((close, row) => b![row]! / close);
    assert.ok(ratios.every((ratio) => ratio > 0.8 && ratio < 1.15));
    assert.notDeepEqual(a, b);
  });
});
