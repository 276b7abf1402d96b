import { sessionCloseMs } from "../../shared/market/calendar.ts";
import type { Market } from "../../shared/simulator/market.ts";
import { universeCsv } from "../../shared/simulator/universe.ts";
import { startYahoo } from "../../shared/simulator/yahoo/server.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { backfill } from "../jobs/backfill-prices/backfill.ts";
import { useWarehouse } from "./temp-warehouse.ts";

/** An hour after the last session of a market. */
export function afterMarket({ sessions }: Market): number {
  return sessionCloseMs(sessions.at(-1)!) + 3_600_000;
}

/**
 * A warehouse that holds a simulated market, bars and corporate actions, as the job of `quarry backfill prices` brings them
 * in over HTTP. Call it in the body of the `describe`.
 */
export function useSimulatedWarehouse(market: Market): () => Warehouse {
  const warehouse = useWarehouse();
  before(async () => {
    await using yahoo = await startYahoo(market);
    await backfill(warehouse(), {
      url: yahoo.url,
      universe: universeCsv(market).trim().split("\n"),
      from: market.sessions[0]!,
      to: market.sessions.at(-1)!,
      nowMs: afterMarket(market),
    });
  });
  return warehouse;
}
