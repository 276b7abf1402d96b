import { systemClock } from "../clock.ts";
import type { LaneSpec } from "../catalogue.ts";
import type { Settings } from "../env.ts";
import { SourceUnavailable } from "../errors.ts";
import { contactOf, openEdgar, type ByteRange, type EdgarReply } from "../sources/edgar/client.ts";
import { minuteMs } from "../units.ts";
import type { BuyDeps } from "./dataset.ts";
import { Lane } from "./lane.ts";
import { takeSlots } from "./lane-slots.ts";

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

/** The lane to EDGAR as it is configured: one for all that is asked there, API, zips and documents. */
export function edgarLaneOf(settings: Settings): LaneSpec & { readonly name: string } {
  return {
    name: `edgar-${settings.url("edgarBaseUrl").host.replaceAll(/[^\w.-]/g, "-")}`,
    ratePerSecond: settings.number("edgarRatePerSecond", 0.01, 10_000),
    slots: settings.number("edgarSlots", 1, 1000),
  };
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
  { settings, log, now, objects }: BuyDeps,
  holder: string,
  most = Infinity,
): Promise<EdgarLane> {
  const contact = contactOf(settings.get("edgarContact"));
  const baseUrl = settings.url("edgarBaseUrl");
  const { name, ...spec } = edgarLaneOf(settings);
  const budget = { lane: name, ...spec };
  const slots = await takeSlots(objects, budget, holder, most, { clock: systemClock, log });
  if (slots === undefined) {
    throw new SourceUnavailable(
      `All ${budget.slots} slots of the lane to EDGAR at ${baseUrl.origin} are held by others; run the same command again later.`,
    );
  }
  const lane = new Lane({
    name: `EDGAR at ${baseUrl.origin}`,
    ratePerSecond: slots.ratePerSecond,
    concurrency: 3 * slots.count,
    attempts: 4,
    breakAfter: 5,
    log,
    lost: slots.lost,
  });
  const edgar = openEdgar({ baseUrl, contact, timeoutMs: 2 * minuteMs, now });
  return {
    get: (path, signal, range) => lane.run(() => edgar.get(path, signal, range), signal),
    slots: slots.count,
    requests: () => lane.requests,
    ratePerSecond: () => lane.ratePerSecond,
    release: () => slots.release(),
  };
}
