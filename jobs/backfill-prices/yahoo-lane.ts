import type { BuyDeps } from "../../shared/backfill/dataset.ts";
import { Lane } from "../../shared/backfill/lane.ts";
import { takeSlots, type HeldSlots } from "../../shared/backfill/lane-slots.ts";
import type { LaneSpec } from "../../shared/catalogue.ts";
import { systemClock } from "../../shared/clock.ts";
import type { Settings } from "../../shared/env.ts";
import { SourceUnavailable } from "../../shared/errors.ts";
import { openYahoo, type YahooClient } from "../../shared/sources/yahoo/client.ts";
import { secondMs } from "../../shared/units.ts";

/** Yahoo, and the part of its budget that is held. */
export interface YahooLane {
  readonly yahoo: YahooClient;
  readonly lane: Lane;
  readonly slots: HeldSlots;
}

/** The lane to Yahoo as it is configured. Each endpoint has one: its budget is its own. */
export function laneOf(settings: Settings): LaneSpec & { readonly name: string } {
  return {
    name: `yahoo-${settings.url("yahooBaseUrl").host.replaceAll(/[^\w.-]/g, "-")}`,
    ratePerSecond: settings.number("yahooRatePerSecond", 0.01, 10_000),
    slots: settings.number("yahooSlots", 1, 1000),
  };
}

/**
 * Opens Yahoo and takes slots of the lane to it, as they are configured.
 *
 * @param holder name in the slots; a retry has the same
 * @param most slots wanted; all that are free by default
 * @throws SourceUnavailable when others hold them all
 */
export async function openYahooLane(
  { settings, log, now, objects }: BuyDeps,
  holder: string,
  most = Infinity,
): Promise<YahooLane> {
  const baseUrl = settings.url("yahooBaseUrl");
  const { name, ...spec } = laneOf(settings);
  const budget = { lane: name, ...spec };
  const slots = await takeSlots(objects, budget, holder, most, { clock: systemClock, log });
  if (slots === undefined) {
    throw new SourceUnavailable(
      `All ${budget.slots} slots of the lane to Yahoo at ${baseUrl.origin} are held by others; run the same command again later.`,
    );
  }
  const lane = new Lane({
    name: `Yahoo at ${baseUrl.origin}`,
    ratePerSecond: slots.ratePerSecond,
    concurrency: 2 * slots.count,
    attempts: 4,
    breakAfter: 5,
    log,
    lost: slots.lost,
  });
  return { yahoo: await openYahoo({ baseUrl, timeoutMs: 60 * secondMs, now }), lane, slots };
}
