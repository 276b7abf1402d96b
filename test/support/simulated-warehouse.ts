import { sessionCloseMs } from "../../shared/market/calendar.ts";
import type { Market } from "../../shared/simulator/market.ts";
import { universeCsv } from "../../shared/simulator/universe.ts";
import { startEdgar } from "../../shared/simulator/edgar/server.ts";
import { startYahoo } from "../../shared/simulator/yahoo/server.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import { backfillFacts } from "../jobs/backfill-facts/backfill.ts";
import { backfill } from "../jobs/backfill-prices/backfill.ts";
import { useWarehouse } from "./temp-warehouse.ts";

/** An hour after the last session of a market. */
export function afterMarket({ sessions }: Market): number {
  return sessionCloseMs(sessions.at(-1)!) + 3_600_000;
}

/**
 * A warehouse that holds a simulated market, bars and corporate actions, and with `reports` what its companies reported, as the
 * jobs of `quarry backfill prices` and `quarry backfill facts` bring them in over HTTP. Call it in the body of the `describe`.
 */
export function useSimulatedWarehouse(
  market: Market,
  { reports = false }: { readonly reports?: boolean } = {},
): () => Warehouse {
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
    if (!reports) return;
    const nowMs = afterMarket(market) + 86_400_000;
    await using edgar = await startEdgar(market, { now: nowMs });
    await backfillFacts(warehouse(), { url: edgar.url, source: market.source, nowMs });
  });
  return warehouse;
}
