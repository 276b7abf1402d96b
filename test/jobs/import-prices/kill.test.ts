import assert from "node:assert/strict";
import { join } from "node:path";
import { sessions } from "../../../shared/market/calendar.ts";
import type { TradingDay } from "../../../shared/market/trading-day.ts";
import { openEmbedded } from "../../../shared/warehouse/embedded.ts";
import { migrate } from "../../../shared/warehouse/migrate.ts";
import { recover } from "../../../shared/warehouse/publish.ts";
import type { Warehouse } from "../../../shared/warehouse/warehouse.ts";
import { uniform } from "../../factors/support/made-inputs.ts";
import { importPrices, lines } from "../../support/import-prices.ts";
import { quarry, startQuarry } from "../../support/quarry.ts";
import { passingTables } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const tickers = 100;
const days = sessions("2019-01-02" as TradingDay, "2022-12-30" as TradingDay).slice(0, 1000);
const rows = tickers * days.length;
const kills = 6;

/** 100,000 rows of prices that wander, and a bad one. */
function bigFile(folder: string): string {
  const next = uniform(7);
  const text = ["date,ticker,open,high,low,close,volume", "2019-01-02,BAD,1,1,1,-1,1"];
  for (let ticker = 0; ticker < tickers; ticker++) {
    let close = 20 + 100 * next();
    for (const day of days) {
      close *= 1 + 0.04 * (next() - 0.5);
      const [high, low] = [close * 1.01, close * 0.99];
      text.push(
        `${day},T${ticker},${close.toFixed(4)},${high.toFixed(4)},${low.toFixed(4)},${close.toFixed(4)},${Math.round(1e6 * next())}`,
      );
    }
  }
  return lines(folder, "big.csv", text);
}

/** All that the import brings, but for when and by which run. */
async function contents(warehouse: Warehouse): Promise<{ bars: number }> {
  const [row] = await warehouse.rows<{ bars: number }>(
    `SELECT (SELECT count() FROM bars) AS bars,
       (SELECT toString(groupBitXor(cityHash64(source, security_id, day, known_at, revision, ifNull(open, -1),
         ifNull(high, -1), ifNull(low, -1), close, ifNull(volume, -1), capture))) FROM bars) AS digest,
       (SELECT toString(groupBitXor(cityHash64(security_id, symbol, first_day, source))) FROM securities FINAL) AS securities,
       (SELECT toString(groupBitXor(cityHash64(security_id, ticker, from_day, known_at))) FROM tickers FINAL) AS tickers,
       (SELECT groupArray((line, reason, record)) FROM quarantine FINAL) AS quarantine,
       (SELECT groupArray((capture, rows)) FROM loads FINAL) AS loads`,
  );
  return row!;
}

describe("an import that is killed", () => {
  const folder = useTempFolder();

  it("is whole or not there, opens again, and is the same when it is run again", async function () {
    this.timeout(180_000);
    const file = bigFile(folder());
    const args = ["import", "prices", file, "--source", "v", "--basis", "raw", "--json"];
    const started = performance.now();
    const undisturbed = await quarry(args, { home: join(folder(), "undisturbed") });
    const tookMs = performance.now() - started;
    assert.equal(undisturbed.code, 0, undisturbed.stderr);

    const next = uniform(20_260_105);
    const moments = Array.from({ length: kills }, () => tookMs * (0.25 + 0.75 * next()));
    const killed = async (at: number): Promise<boolean> => {
      const { child, outcome } = startQuarry(args, { home: join(folder(), `killed${at}`) });
      const timer = setTimeout(() => child.kill("SIGKILL"), moments[at]);
      const { code } = await outcome;
      clearTimeout(timer);
      return code === null;
    };
    let died = 0;
    // Two at once: there are two cores.
    for (let at = 0; at < kills; at += 2) {
      for (const dead of await Promise.all([killed(at), killed(at + 1)])) if (dead) died++;
    }
    assert.ok(died >= kills / 2, `${died} of ${kills} were killed before they were done`);

    const reference = await openEmbedded(join(folder(), "undisturbed", "warehouse"));
    const expected = await contents(reference);
    await reference.close();
    assert.equal(expected.bars, rows);
    let absent = 0;
    for (let at = 0; at < kills; at++) {
      const warehouse = await openEmbedded(join(folder(), `killed${at}`, "warehouse"));
      try {
        // What the next command begins with.
        await migrate(warehouse);
        await recover(warehouse);
        assert.deepEqual(await passingTables(warehouse), [], `after kill ${at}`);
        const [{ bars } = { bars: -1 }] = await warehouse.rows<{ bars: number }>(
          "SELECT count() AS bars FROM bars",
        );
        assert.ok(
          bars === 0 || bars === rows,
          `after kill ${at} at ${moments[at]!} ms: ${bars} bars`,
        );
        if (bars === 0) absent++;
        await importPrices(warehouse, { files: [file], source: "v" });
        assert.deepEqual(await contents(warehouse), expected, `after kill ${at}`);
      } finally {
        await warehouse.close();
      }
    }
    assert.ok(absent > 0, "no kill came before the bars were there");
  });
});
