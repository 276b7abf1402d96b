import assert from "node:assert/strict";
import { join } from "node:path";
import { parametersOf } from "../../../jobs/backfill-prices/runs.ts";
import { unitsOf } from "../../../jobs/backfill-prices/units.ts";
import { receiptsOf } from "../../../shared/backfill/receipt.ts";
import { putRun } from "../../../shared/backfill/runs.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { readUniverse } from "../../../shared/market/universe.ts";
import { fileStore } from "../../../shared/objects/file-store.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { universeCsv } from "../../../shared/simulator/universe.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import { quarry } from "../../support/quarry.ts";
import { afterMarket } from "../../support/simulated-warehouse.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const processes = 8;
const budget = 8;
/** Above this many in a rolling second the vendor bans everybody for a minute. */
const limit = 10;

const market = simulateMarket({
  seed: 41,
  securities: 44,
  from: parseTradingDay("2024-01-02"),
  to: parseTradingDay("2024-12-31"),
});

/** Most in any rolling second. */
function densest(times: readonly number[]): number {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= 1000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

describe("eight real processes before a vendor that bans", () => {
  const folder = useTempFolder();

  it("keep to its limit together, and buy each unit once", async function () {
    this.timeout(180_000);
    await using yahoo = await startYahoo(market, { limit: { perSecond: limit, banMs: 60_000 } });
    const objects = fileStore(join(folder(), "objects"));
    const universe = new Map(
      universeCsv(market)
        .trim()
        .split("\n")
        .map((line) => [line.split(",")[0]!, line]),
    );
    const args = {
      listings: readUniverse([...universe.values()].join("\n"), "universe.csv"),
      from: market.sessions[0]!,
      to: market.sessions.at(-1)!,
      source: "yahoo",
      lossBudget: 0.01,
    };
    const units = unitsOf(args, afterMarket(market));
    await putRun(objects, {
      runId: "eight",
      dataset: "prices",
      source: "yahoo",
      parameters: parametersOf(args),
      codeVersion: "test",
      createdAt: "2025-01-01T00:00:00Z",
      executor: "local",
      children: processes,
      slotsEach: 1,
      estimate: {},
      units: units.map((unit) => ({ key: unit.symbol, ...unit, seen: 0 })),
    });
    const outcomes = await Promise.all(
      Array.from({ length: processes }, (_, shard) =>
        quarry(["work", "eight"], {
          home: folder(),
          environment: {
            YAHOO_BASE_URL: yahoo.url,
            YAHOO_RATE: String(budget),
            YAHOO_SLOTS: String(processes),
            QUARRY_SHARD: String(shard),
          },
        }),
      ),
    );
    for (const { code, stderr } of outcomes) assert.equal(code, 0, stderr);
    const times = yahoo.requests.map(({ atMs }) => atMs);
    assert.equal(times.length, units.length, "each unit was asked for once");
    assert.ok(densest(times) <= limit, `${densest(times)} in a second`);
    for (const { symbol } of units) {
      const receipts = await receiptsOf(objects, "prices", "yahoo", symbol);
      assert.deepEqual(
        receipts.map(({ state }) => state),
        ["done"],
      );
    }
  });
});
