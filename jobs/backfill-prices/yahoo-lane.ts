import { Lane } from "../../shared/backfill/lane.ts";
import { takeSlots, type HeldSlots } from "../../shared/backfill/lane-slots.ts";
import { systemClock } from "../../shared/clock.ts";
import type { Settings } from "../../shared/env.ts";
import { SourceUnavailable } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { openYahoo, type YahooClient } from "../../shared/sources/yahoo/client.ts";
import { secondMs } from "../../shared/units.ts";

/** What opening the lane needs. */
export interface LaneDeps {
  readonly settings: Settings;
  readonly log: Log;
  readonly now: () => number;
  readonly objects: ObjectStore;
}

/** Yahoo, and the part of its budget that is held. */
export interface YahooLane {
  readonly yahoo: YahooClient;
  readonly lane: Lane;
  readonly slots: HeldSlots;
}

/** The name of the lane to an endpoint: its budget is its own. */
export function laneName(baseUrl: URL): string {
  return `yahoo-${baseUrl.host.replaceAll(/[^\w.-]/g, "-")}`;
}

/**
 * Opens Yahoo and takes slots of the lane to it, as they are configured.
 *
 * @param holder name in the slots; a retry has the same
 * @param most slots wanted; all that are free by default
 * @throws SourceUnavailable when others hold them all
 */
export async function openYahooLane(
  { settings, log, now, objects }: LaneDeps,
  holder: string,
  most = Infinity,
): Promise<YahooLane> {
  const baseUrl = settings.url("yahooBaseUrl");
  const budget = {
    lane: laneName(baseUrl),
    ratePerSecond: settings.number("yahooRatePerSecond", 0.01, 10_000),
    slots: settings.number("yahooSlots", 1, 1000),
  };
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
