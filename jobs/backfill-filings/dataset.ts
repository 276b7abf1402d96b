import { workOf, type Dataset } from "../../shared/backfill/dataset.ts";
import { edgarLaneOf, openEdgarLane } from "../../shared/backfill/edgar-lane.ts";
import { fetchFiling } from "./fetch-filing.ts";
import { keyOf, unitsOfRun, type FilingUnit } from "./units.ts";

/** Documents of filings, as runs see them. */
export const dataset: Dataset<FilingUnit> = {
  name: "filings",
  keyOf,
  // What was filed does not change any more.
  isDone: (_, told) => told.some(({ state }) => state === "done"),
  lane: edgarLaneOf,
  unitsOf: unitsOfRun,
  async open({ source }, deps, holder, wanted) {
    const edgar = await openEdgarLane(deps, holder, wanted);
    const fetchDeps = { ...deps, edgar, source };
    return {
      work: workOf(dataset, source, (unit, signal) => fetchFiling(unit, fetchDeps, signal)),
      concurrency: 2 * edgar.slots,
      requests: edgar.requests,
      ratePerSecond: edgar.ratePerSecond,
      close: edgar.release,
    };
  },
};
