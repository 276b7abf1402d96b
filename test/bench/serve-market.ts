/** Serves a simulated market as Yahoo does: `node serve-market.ts SECURITIES FROM TO`; says where as a line of JSON. */
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { universeCsv } from "../../shared/simulator/universe.ts";
import { startYahoo } from "../../shared/simulator/yahoo/server.ts";

const [securities, from, to] = process.argv.slice(2);
const market = simulateMarket({
  seed: 42,
  securities: Number(securities),
  from: from as TradingDay,
  to: to as TradingDay,
  lateStarts: 0,
  delistingsPerYear: 0,
});
const yahoo = await startYahoo(market);
// Each ticker once: the latest of the companies that shared it.
const lines = universeCsv(market).trim().split("\n");
const universe = [...new Map(lines.map((line) => [line.split(",")[0], line])).values()].join("\n");
process.stdout.write(`${JSON.stringify({ url: yahoo.url, universe })}\n`);
