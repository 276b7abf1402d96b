import type { BuyDeps } from "../../shared/backfill/dataset.ts";
import {
  takeVendorLane,
  vendorLaneOf,
  type VendorLane,
} from "../../shared/backfill/vendor-lane.ts";
import type { LaneSpec } from "../../shared/catalogue.ts";
import type { Settings } from "../../shared/env.ts";
import { openYahoo, type YahooClient } from "../../shared/sources/yahoo/client.ts";
import { secondMs } from "../../shared/units.ts";

/** Yahoo, and the part of its budget that is held. */
export interface YahooLane extends VendorLane {
  readonly yahoo: YahooClient;
}

/** The lane to Yahoo as it is configured. */
export function laneOf(settings: Settings): LaneSpec & { readonly name: string } {
  return vendorLaneOf(settings, "yahoo");
}

/**
 * Opens Yahoo and takes slots of the lane to it, as they are configured.
 *
 * @param holder name in the slots; a retry has the same
 * @param most slots wanted; all that are free by default
 * @throws SourceUnavailable when others hold them all
 */
export async function openYahooLane(
  deps: BuyDeps,
  holder: string,
  most?: number,
): Promise<YahooLane> {
  const { settings, now } = deps;
  const held = await takeVendorLane("yahoo", "Yahoo", 2, deps, holder, most);
  const baseUrl = settings.url("yahooBaseUrl");
  return { ...held, yahoo: await openYahoo({ baseUrl, timeoutMs: 60 * secondMs, now }) };
}
