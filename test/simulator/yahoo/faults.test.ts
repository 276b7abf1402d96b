import assert from "node:assert/strict";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import {
  serverError,
  textBody,
  throttled,
  type YahooFault,
} from "../../../shared/simulator/yahoo/faults.ts";
import type { LineFault } from "../../../shared/simulator/reply.ts";
import { chartUrl, fetchChart } from "./chart.ts";
import { historyOf, sessions, split, tinyMarket } from "./tiny-market.ts";

const market = tinyMarket(historyOf([80, 82, 84, 42, 43, 44, 45], { splits: [split(3)] }));
const closes = [40, 41, 42, 42, 43, 44, 45];

const failing = (fault: YahooFault | LineFault, times = 1) =>
  startYahoo(market, { failures: [{ when: "TINY", fault, times }] });

async function statusAndText(url: string): Promise<[number, string]> {
  const reply = await fetch(url);
  return [reply.status, await reply.text()];
}

describe("Yahoo's failures on request", () => {
  const lines: readonly (readonly [string, LineFault, number, RegExp])[] = [
    ["429", throttled, 429, /^Too Many Requests$/],
    ["500", serverError(500), 500, /<title>500</],
    ["503", serverError(503), 503, /<title>503</],
    ["a page with HTTP 200", textBody("<html>Oops</html>"), 200, /^<html>Oops<\/html>$/],
    ["a word with HTTP 200", textBody("Too Many Requests"), 200, /^Too Many Requests$/],
  ];
  for (const [name, fault, status, body] of lines) {
    it(`answers ${name} once, then the truth`, async () => {
      await using yahoo = await failing(fault);
      const failed = await statusAndText(chartUrl(yahoo, "TINY"));
      assert.equal(failed[0], status);
      assert.match(failed[1], body);
      assert.deepEqual((await fetchChart(yahoo, "TINY")).indicators.quote[0].close, closes);
      assert.deepEqual(
        yahoo.requests.map(({ subject, status: logged, fault: kind }) => [subject, logged, kind]),
        [
          ["TINY", status, "reply"],
          ["TINY", 200, undefined],
        ],
      );
    });
  }

  it("leaves timestamp and rows out, with the meta of a living symbol", async () => {
    await using yahoo = await failing({ kind: "empty" });
    const { meta, timestamp, indicators } = await fetchChart(yahoo, "TINY");
    assert.equal(timestamp, undefined);
    assert.deepEqual(indicators.quote, [{}]);
    assert.equal(meta["regularMarketPrice"], 45);
  });

  it("ends the history early, while meta tells of later trading", async () => {
    await using yahoo = await failing({ kind: "truncated", lastDay: sessions[3]! });
    const { meta, timestamp, indicators } = await fetchChart(yahoo, "TINY");
    assert.equal(timestamp!.length, 4);
    assert.deepEqual(indicators.quote[0].close, closes.slice(0, 4));
    assert.equal(meta["regularMarketPrice"], 45);
  });

  it("nulls rows inside, not their timestamps", async () => {
    await using yahoo = await failing({ kind: "nulls", every: 3 });
    const { timestamp, indicators } = await fetchChart(yahoo, "TINY");
    assert.equal(timestamp!.length, 7);
    assert.deepEqual(indicators.quote[0].close, [40, 41, null, 42, 43, null, 45]);
    assert.deepEqual(indicators.quote[0].volume, [2000, 2000, null, 1000, 1000, null, 1000]);
    assert.deepEqual(indicators.adjclose[0].adjclose, [40, 41, null, 42, 43, null, 45]);
  });

  it("applies a split twice to the prices before it", async () => {
    await using yahoo = await failing({ kind: "split-twice" });
    const { events, indicators } = await fetchChart(yahoo, "TINY");
    assert.deepEqual(indicators.quote[0].close, [20, 20.5, 21, 42, 43, 44, 45]);
    assert.equal(Object.keys(events!.splits!).length, 1);
  });

  it("cuts a body in the middle", async () => {
    await using yahoo = await failing({ kind: "cut" });
    const reply = await fetch(chartUrl(yahoo, "TINY"));
    await assert.rejects(reply.text(), /terminated/);
  });

  it("fails other symbols not at all, and one for ever when no number is given", async () => {
    await using yahoo = await startYahoo(market, {
      failures: [{ when: "NONE", fault: throttled }],
    });
    const statuses: number[] = [];
    for (const symbol of ["NONE", "TINY", "NONE"]) {
      statuses.push((await statusAndText(chartUrl(yahoo, symbol)))[0]);
    }
    assert.deepEqual(statuses, [429, 200, 429]);
  });

  it("says Too Many Requests over the limit", async () => {
    await using yahoo = await startYahoo(market, {
      limit: { perSecond: 2, banMs: 60_000 },
      clock: () => 0,
    });
    const replies: [number, string][] = [];
    for (let at = 0; at < 3; at++) replies.push(await statusAndText(chartUrl(yahoo, "TINY")));
    assert.deepEqual(
      replies.map(([status]) => status),
      [200, 200, 429],
    );
    assert.equal(replies[2]![1], "Too Many Requests");
  });
});
