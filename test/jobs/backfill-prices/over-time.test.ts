import assert from "node:assert/strict";
import { sessionCloseMs, sessions as sessionsOf } from "../../../shared/market/calendar.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import {
  dividend,
  historyOf,
  sessions,
  split,
  tinyMarket,
} from "../../simulator/yahoo/tiny-market.ts";
import { chartBytes, closed, type ChartParts } from "../../sources/yahoo/chart.ts";
import { barLines, storedBars } from "../../support/bars.ts";
import { useWarehouse } from "../../support/temp-warehouse.ts";
import { actionLines, backfill, startCharts, type BackfillRequest } from "./backfill.ts";

const hourMs = 3_600_000;

describe("backfills of one security, day after day", () => {
  const warehouse = useWarehouse();
  const run = (request: Partial<BackfillRequest> & Pick<BackfillRequest, "url" | "to" | "nowMs">) =>
    backfill(warehouse(), { universe: ["TINY"], from: "2020-01-02", ...request });
  const closes = async (source: string): Promise<string[]> =>
    (await storedBars(warehouse(), source)).map(
      ({ day, revision, known, values }) => `${day} r${revision} ${values[3]!.toFixed(2)} ${known}`,
    );

  it("add new bars and change no stored one, although Yahoo restates them all", async () => {
    // Traded at 80.11, 82.3, 84.47, then 3 for 1: 28.2, ... Yahoo shows 80.11 / 3 rounded to a float from then on.
    const market = tinyMarket(
      historyOf([80.11, 82.3, 84.47, 28.2, 28.3, 28.4, 28.5], {
        splits: [split(3, 3, 1)],
        dividends: [dividend(1, 0.5), dividend(5, 0.2)],
      }),
    );
    let nowMs = sessionCloseMs(sessions[1]!) + hourMs;
    await using yahoo = await startYahoo(market, { now: () => nowMs });
    const source = "restated";
    const first = await run({ url: yahoo.url, source, to: sessions[1]!, nowMs });
    assert.deepEqual([first.admission!.admitted, first.actions], [2, 1]);

    nowMs = sessionCloseMs(sessions[6]!) + hourMs;
    const second = await run({ url: yahoo.url, source, to: sessions[6]!, nowMs });
    const { admitted, unchanged, revised } = second.admission!;
    assert.deepEqual([admitted, unchanged, revised, second.actions], [5, 2, 0, 2]);
    assert.equal(yahoo.requests.length, 2);
    assert.deepEqual(await closes(source), [
      "2024-03-04 r0 80.11 2024-03-04 21:00:00",
      "2024-03-05 r0 82.30 2024-03-05 21:00:00",
      "2024-03-06 r0 84.47 2024-03-06 21:00:00",
      "2024-03-07 r0 28.20 2024-03-07 21:00:00",
      "2024-03-08 r0 28.30 2024-03-08 21:00:00",
      "2024-03-11 r0 28.40 2024-03-11 20:00:00",
      "2024-03-12 r0 28.50 2024-03-12 20:00:00",
    ]);
    assert.deepEqual(await actionLines(warehouse(), source), [
      "TINY dividend 2024-03-05 0.5 2024-03-05T14:30",
      "TINY split 2024-03-07 3 2024-03-07T14:30",
      "TINY dividend 2024-03-11 0.2 2024-03-11T13:30",
    ]);
  });

  const week = ["2024-03-04", "2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08"] as const;
  const rows = week.map((day, at) => [day, 50 + at] as const);

  it("leave out what is not settled in the evening, and bring it the next day", async () => {
    const stamp = closed("2024-03-08") + 1;
    let parts: ChartParts = { rows: [...rows.slice(0, 4), [stamp, 53.9]] };
    await using yahoo = await startCharts(() => chartBytes(parts));
    const evening = {
      url: yahoo.url,
      source: "evening",
      to: "2024-03-08",
      nowMs: 1000 * stamp + hourMs,
    };
    const first = await run(evening);
    assert.deepEqual(
      [first.fetched, first.failed, first.admission!.lastDay],
      [1, [], "2024-03-07"],
    );
    // It is not held: the same evening Yahoo is asked again, for nothing.
    const again = await run({ ...evening, nowMs: evening.nowMs + hourMs });
    assert.deepEqual([again.fetched, again.held], [1, 0]);
    assert.equal((await closes("evening")).length, 4);

    parts = { rows };
    const morning = { ...evening, nowMs: evening.nowMs + 14 * hourMs };
    const settled = await run(morning);
    assert.deepEqual([settled.admission!.admitted, settled.admission!.unchanged], [1, 4]);
    assert.equal((await closes("evening")).at(-1), "2024-03-08 r0 54.00 2024-03-08 21:00:00");
    assert.equal((await run(morning)).held, 1);
    assert.equal(yahoo.requests.length, 3);
  });

  it("know an event since they see it, where an earlier reply told of that day without it", async () => {
    let parts: ChartParts = { rows: rows.slice(0, 3), dividends: [["2024-03-06", 0.25]] };
    await using yahoo = await startCharts(() => chartBytes(parts));
    const at = (day: string) => 1000 * closed(day) + hourMs;
    const asked = { url: yahoo.url, source: "late" };
    await run({ ...asked, to: "2024-03-06", nowMs: at("2024-03-06") });
    // Two days later a dividend of Tuesday is there, that of Wednesday is another, and Friday has one of its own.
    parts = {
      rows,
      dividends: [
        ["2024-03-05", 0.1],
        ["2024-03-06", 0.3],
        ["2024-03-08", 0.2],
      ],
    };
    const report = await run({ ...asked, to: "2024-03-08", nowMs: at("2024-03-08") });
    assert.equal(report.actions, 3);
    assert.deepEqual(await actionLines(warehouse(), "late"), [
      "TINY dividend 2024-03-05 0.1 2024-03-08T22:00",
      "TINY dividend 2024-03-06 0.25 2024-03-06T14:30",
      "TINY dividend 2024-03-06 0.3 2024-03-08T22:00",
      "TINY dividend 2024-03-08 0.2 2024-03-08T14:30",
    ]);
  });

  it("keep a bar that Yahoo changes beside the old one, known from then on", async () => {
    let parts: ChartParts = { rows: rows.slice(0, 4) };
    await using yahoo = await startCharts(() => chartBytes(parts));
    const asked = { url: yahoo.url, source: "changed" };
    await run({ ...asked, to: "2024-03-07", nowMs: 1000 * closed("2024-03-07") + hourMs });
    parts = { rows: rows.map(([day, close], at) => [day, at === 2 ? 52.5 : close]) };
    const nowMs = 1000 * closed("2024-03-08") + hourMs;
    const { admission } = await run({ ...asked, to: "2024-03-08", nowMs });
    assert.deepEqual([admission!.admitted, admission!.unchanged, admission!.revised], [1, 3, 1]);
    assert.deepEqual(
      (await closes("changed")).filter((line) => line.startsWith("2024-03-06")),
      ["2024-03-06 r0 52.00 2024-03-06 21:00:00", "2024-03-06 r1 52.50 2024-03-08 22:00:00"],
    );
  });

  it("bring what lies before what is held, known since its own days", async () => {
    // A reply begins with the decade that is asked for.
    const days = sessionsOf(parseTradingDay("2019-12-26"), parseTradingDay("2020-01-08"));
    const all = days.map((day, at) => [day, 50 + at] as const);
    await using yahoo = await startCharts((_, period1) => {
      const old = period1 < closed("2019-12-31");
      return chartBytes({
        rows: old ? all : all.filter(([day]) => day >= "2020-01-01"),
        splits: old ? [["2019-12-30", 2, 1]] : [],
        dividends: old ? [["2019-12-31", 0.5]] : [],
      });
    });
    const asked = { url: yahoo.url, source: "back", to: "2020-01-08" };
    const nowMs = 1000 * closed("2020-01-08") + hourMs;
    assert.equal((await run({ ...asked, from: "2020-01-02", nowMs })).admission!.admitted, 5);
    const older = await run({ ...asked, from: "2019-12-26", nowMs: nowMs + hourMs });
    assert.deepEqual([older.admission!.admitted, older.admission!.unchanged], [4, 5]);
    assert.deepEqual(await actionLines(warehouse(), "back"), [
      "TINY split 2019-12-30 2 2019-12-30T14:30",
      "TINY dividend 2019-12-31 0.5 2019-12-31T14:30",
    ]);
    assert.equal((await barLines(warehouse(), "back"))[0], "TINY 2019-12-26 99 102 98 100 500");
    // The grid is the dataset's: another day of the same decade asks for nothing.
    const within = await run({ ...asked, from: "2015-06-01", nowMs: nowMs + hourMs });
    assert.deepEqual([within.held, within.admission], [1, null]);
  });

  it("say which histories begin later than was asked for, where the security is older", async () => {
    const first = 1000 * closed("2024-03-04");
    await using yahoo = await startCharts((symbol) =>
      chartBytes({
        rows,
        meta: { symbol, firstTradeDate: symbol === "OLD" ? 345_479_400 : first / 1000 - 23_400 },
      }),
    );
    const report = await run({
      url: yahoo.url,
      source: "begins",
      universe: ["OLD", "NEW"],
      to: "2024-03-08",
      nowMs: 1000 * closed("2024-03-08") + hourMs,
    });
    assert.deepEqual(report.late, [{ key: "OLD", first_bar: "2024-03-04" }]);
    assert.equal(report.fetched, 2);
  });
});
