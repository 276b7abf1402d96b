import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import type { Settings } from "../../shared/env.ts";
import { laterDay } from "../../shared/market/trading-day.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { dataset } from "./dataset.ts";
import { present, unitsOf, type PriceRequest, type PriceUnit } from "./units.ts";

/** What of the prices is to be planned. */
export interface PricePlanRequest extends PriceRequest {
  readonly source: string;
  /** Which of the units that are not done; all by default. */
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** Reads the ledger and plans; nothing is touched. */
export function planPrices(
  request: PricePlanRequest,
  deps: { readonly objects: ObjectStore; readonly settings: Settings; readonly nowMs: number },
): Promise<Plan<PriceUnit>> {
  const listingOf = present(request.listings);
  const { source, from, only, newestFirst } = request;
  return planUnits(
    dataset,
    {
      source,
      units: unitsOf(request, deps.nowMs),
      firstDay: ({ symbol }) => laterDay(from, listingOf.get(symbol)?.start ?? from),
      only,
      newestFirst,
    },
    deps,
  );
}
