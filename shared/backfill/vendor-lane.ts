import type { LaneName, LaneSpec } from "../catalogue.ts";
import { systemClock } from "../clock.ts";
import type { Settings } from "../env.ts";
import { SourceUnavailable } from "../errors.ts";
import type { BuyDeps } from "./dataset.ts";
import { takeSlots, type HeldSlots } from "./lane-slots.ts";
import { Lane } from "./lane.ts";

/** A vendor that is asked by requests at an address of its own. */
type VendorName = Exclude<LaneName, "bedrock">;

/** A vendor's lane, and the part of its budget that is held. */
export interface VendorLane {
  readonly lane: Lane;
  readonly slots: HeldSlots;
}

/** The lane to a vendor as it is configured. Each endpoint has one: its budget is its own. */
export function vendorLaneOf(
  settings: Settings,
  vendor: VendorName,
): LaneSpec & { readonly name: string } {
  return {
    name: `${vendor}-${settings.url(`${vendor}BaseUrl`).host.replaceAll(/[^\w.-]/g, "-")}`,
    ratePerSecond: settings.number(`${vendor}RatePerSecond`, 0.01, 10_000),
    slots: settings.number(`${vendor}Slots`, 1, 1000),
  };
}

/**
 * Takes slots of the lane to a vendor.
 *
 * @param title the vendor's name, for messages
 * @param requestsEach requests under way at once for each slot
 * @param holder name in the slots; a retry has the same
 * @param most slots wanted; all that are free by default
 * @throws SourceUnavailable when others hold them all
 */
export async function takeVendorLane(
  vendor: VendorName,
  title: string,
  requestsEach: number,
  { settings, log, objects }: BuyDeps,
  holder: string,
  most = Infinity,
): Promise<VendorLane> {
  const { origin } = settings.url(`${vendor}BaseUrl`);
  const { name, ...spec } = vendorLaneOf(settings, vendor);
  const budget = { lane: name, ...spec };
  const slots = await takeSlots(objects, budget, holder, most, { clock: systemClock, log });
  if (slots === undefined) {
    throw new SourceUnavailable(
      `All ${budget.slots} slots of the lane to ${title} at ${origin} are held by others; run the same command again later.`,
    );
  }
  const lane = new Lane({
    name: `${title} at ${origin}`,
    ratePerSecond: slots.ratePerSecond,
    concurrency: requestsEach * slots.count,
    attempts: 4,
    breakAfter: 5,
    log,
    lost: slots.lost,
  });
  return { lane, slots };
}
