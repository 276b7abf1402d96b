import { Lane } from "../../shared/backfill/lane.ts";
import { secondMs } from "../../shared/units.ts";
import { openYahoo, type YahooClient } from "../../shared/sources/yahoo/client.ts";
import type { Deps } from "../deps.ts";

/** Opens Yahoo and the lane to it, as they are configured. */
export async function openYahooLane({
  settings,
  log,
  now,
}: Pick<Deps, "settings" | "log" | "now">): Promise<{ yahoo: YahooClient; lane: Lane }> {
  const baseUrl = settings.url("yahooBaseUrl");
  const lane = new Lane({
    name: `Yahoo at ${baseUrl.origin}`,
    ratePerSecond: settings.number("yahooRatePerSecond", 0.01, 10_000),
    concurrency: 8,
    attempts: 4,
    breakAfter: 5,
    log,
  });
  return { yahoo: await openYahoo({ baseUrl, timeoutMs: 60 * secondMs, now }), lane };
}
