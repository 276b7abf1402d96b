import type { LaneSpec } from "../catalogue.ts";
import type { Settings } from "../env.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { contactOf, openEdgar, type ByteRange, type EdgarReply } from "../sources/edgar/client.ts";
import { minuteMs } from "../units.ts";
import type { BuyDeps } from "./dataset.ts";
import { takeVendorLane, vendorLaneOf } from "./vendor-lane.ts";

/** EDGAR, behind the part of its budget that is held. */
export interface EdgarLane {
  /** Asks for a file when it is our turn; the public EDGAR's paths. */
  get(path: string, signal: AbortSignal, range?: ByteRange): Promise<EdgarReply>;
  readonly slots: number;
  readonly requests: () => number;
  readonly ratePerSecond: () => number;
  /** Gives the slots back. */
  readonly release: () => Promise<void>;
}

/** What fetching from EDGAR needs. */
export interface EdgarDeps {
  readonly edgar: Pick<EdgarLane, "get">;
  readonly objects: ObjectStore;
  readonly source: string;
}

/** The lane to EDGAR as it is configured: one for all that is asked there, API, zips and documents. */
export function edgarLaneOf(settings: Settings): LaneSpec & { readonly name: string } {
  return vendorLaneOf(settings, "edgar");
}

/**
 * Opens EDGAR and takes slots of the lane to it.
 *
 * @param holder name in the slots; a retry has the same
 * @param most slots wanted; all that are free by default
 * @throws InvalidInput without a contact address
 * @throws SourceUnavailable when others hold all slots
 */
export async function openEdgarLane(
  deps: BuyDeps,
  holder: string,
  most?: number,
): Promise<EdgarLane> {
  const { settings, now } = deps;
  const contact = contactOf(settings.get("edgarContact"));
  const { lane, slots } = await takeVendorLane("edgar", "EDGAR", 3, deps, holder, most);
  const baseUrl = settings.url("edgarBaseUrl");
  const edgar = openEdgar({ baseUrl, contact, timeoutMs: 2 * minuteMs, now });
  return {
    get: (path, signal, range) => lane.run(() => edgar.get(path, signal, range), signal),
    slots: slots.count,
    requests: () => lane.requests,
    ratePerSecond: () => lane.ratePerSecond,
    release: () => slots.release(),
  };
}
