/**
 * Kills that no test has the time for: `npm run torture:kills [KILLS]`, 100 by default. Backfills of a simulated market whose
 * processes are killed at seeded random moments, one after the other until there were as many kills; after each, the tables
 * equal those of an undisturbed backfill, and the vendor served at most one request more a process that was killed.
 *
 * Exits with 1 where that is not so.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { universeCsv } from "../../shared/simulator/universe.ts";
import { startYahoo } from "../../shared/simulator/yahoo/server.ts";
import { uniform } from "../factors/support/made-inputs.ts";
import { backfillUnderKills, contentsOf } from "../jobs/backfill-prices/killing.ts";
import { quarry } from "../support/quarry.ts";

const wanted = Number(process.argv[2] ?? 100);
const market = simulateMarket({
  seed: 77,
  securities: 150,
  from: parseTradingDay("2023-01-03"),
  to: parseTradingDay("2024-12-31"),
});
const lines = universeCsv(market).trim().split("\n");
const universe = new Map(lines.map((line) => [line.split(",")[0]!, line]));
const tickers = universe.size - 1;
const folder = mkdtempSync(join(tmpdir(), "quarry-torture-"));
const yahoo = await startYahoo(market);
const file = join(folder, "universe.csv");
writeFileSync(file, [...universe.values()].join("\n"));
const command = [
  ...["backfill", "prices", "--universe", file, "--json"],
  ...["--from", market.sessions[0]!, "--to", market.sessions.at(-1)!],
];
const options = (name: string, rate: number) => ({
  home: join(folder, name),
  environment: {
    YAHOO_BASE_URL: yahoo.url,
    YAHOO_RATE: String(rate),
    YAHOO_SLOTS: "2",
    QUARRY_LOG: "silent",
  },
});
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

try {
  const whole = await quarry(command, options("whole", 1000));
  if (whole.code !== 0) throw new Error(whole.stderr);
  const expected = await contentsOf(join(folder, "whole", "warehouse"));
  const next = uniform(1);
  let kills = 0;
  let broken = 0;
  for (let round = 1; kills < wanted; round++) {
    const name = `round${round}`;
    const before = yahoo.requests.length;
    const killed = await backfillUnderKills(
      command,
      options(name, 40),
      Math.min(12, wanted - kills),
      next,
    );
    kills += killed.kills;
    const extra = yahoo.requests.length - before - tickers;
    const most = killed.kills + killed.coordinators;
    const equal =
      killed.code === 0 &&
      isDeepStrictEqual(await contentsOf(join(folder, name, "warehouse")), expected);
    const kept = equal && extra <= most;
    if (!kept) broken++;
    say(
      `round ${round}: ${killed.kills} kills, ${killed.coordinators} of coordinators; ${extra} requests more (at most ${most}); tables ${equal ? "equal" : "DIFFER"}${kept ? "" : ` NOT KEPT ${killed.stderr}`}`,
    );
    rmSync(join(folder, name), { recursive: true });
  }
  say(`${kills} kills, ${broken} rounds in which something was lost, doubled or paid twice.`);
  process.exitCode = broken === 0 ? 0 : 1;
} finally {
  await yahoo.close();
  rmSync(folder, { recursive: true, force: true });
}
