import { workOf, type Dataset } from "../../shared/backfill/dataset.ts";
import type { UnitWork } from "../../shared/backfill/work.ts";
import { fetchUnit, type FetchDeps } from "./fetch-unit.ts";
import { unitsOfRun } from "./runs.ts";
import { isDone, type PriceUnit } from "./units.ts";
import { laneOf, openYahooLane } from "./yahoo-lane.ts";

/** Prices, as runs see them. */
export const dataset: Dataset<PriceUnit> = {
  name: "prices",
  keyOf: ({ symbol }) => symbol,
  isDone,
  lane: laneOf,
  unitsOf: unitsOfRun,
  async open({ source }, deps, holder, wanted) {
    const { yahoo, lane, slots } = await openYahooLane(deps, holder, wanted);
    return {
      work: priceWork({ ...deps, yahoo, lane, source }),
      // One request a slot: so many a kill can cost.
      concurrency: slots.count,
      requests: () => lane.requests,
      ratePerSecond: () => lane.ratePerSecond,
      close: () => slots.release(),
    };
  },
};

/** How units of prices are bought. */
export function priceWork(deps: FetchDeps): UnitWork<PriceUnit> {
  return workOf(dataset, deps.source, (unit, signal) => fetchUnit(unit, deps, signal));
}
