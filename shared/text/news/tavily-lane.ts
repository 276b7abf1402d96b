import type { BuyDeps } from "../../backfill/dataset.ts";
import { takeVendorLane, vendorLaneOf } from "../../backfill/vendor-lane.ts";
import type { LaneSpec } from "../../catalogue.ts";
import type { Settings } from "../../env.ts";
import { openTavily, type Tavily } from "../../sources/tavily/client.ts";

/** Tavily, behind the part of its budget that is held. */
export interface TavilyLane {
  readonly search: Tavily["search"];
  readonly slots: number;
  readonly requests: () => number;
  readonly ratePerSecond: () => number;
  readonly release: () => Promise<void>;
}

/** The lane to Tavily as it is configured. */
export function tavilyLaneOf(settings: Settings): LaneSpec & { readonly name: string } {
  return vendorLaneOf(settings, "tavily");
}

/**
 * Opens Tavily and takes slots of the lane to it.
 *
 * @throws InvalidInput without a key
 * @throws SourceUnavailable when others hold all slots
 */
export async function openTavilyLane(
  deps: BuyDeps,
  holder: string,
  most?: number,
): Promise<TavilyLane> {
  const { settings, now } = deps;
  const baseUrl = settings.url("tavilyBaseUrl");
  const tavily = openTavily({ baseUrl, apiKey: settings.get("tavilyApiKey"), now });
  const { lane, slots } = await takeVendorLane("tavily", "Tavily", 2, deps, holder, most);
  return {
    search: (query, topic, days, signal) =>
      lane.run(() => tavily.search(query, topic, days, signal), signal),
    slots: slots.count,
    requests: () => lane.requests,
    ratePerSecond: () => lane.ratePerSecond,
    release: () => slots.release(),
  };
}
