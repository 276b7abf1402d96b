import { workOf, type Dataset } from "../../shared/backfill/dataset.ts";
import { edgarLaneOf, openEdgarLane, type EdgarLane } from "../../shared/backfill/edgar-lane.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";
import { fetchBulk } from "./fetch-bulk.ts";
import { fetchCompany } from "./fetch-company.ts";
import { isDone, keyOf, unitsOfRun, type FactUnit } from "./units.ts";

/** Facts, as runs see them. */
export const dataset: Dataset<FactUnit> = {
  name: "facts",
  keyOf,
  isDone,
  lane: edgarLaneOf,
  unitsOf: unitsOfRun,
  async open({ source, parameters }, deps, holder, wanted) {
    const edgar = isOfThisMachine(parameters) ? noLane : await openEdgarLane(deps, holder, wanted);
    const fetchDeps = { ...deps, edgar, source };
    return {
      work: workOf(dataset, source, (unit, signal) =>
        unit.kind === "company"
          ? fetchCompany(unit, fetchDeps, signal)
          : fetchBulk(unit, fetchDeps, signal),
      ),
      // A company takes its time to be read: so many are under way that the lane need not wait.
      concurrency: 2 * edgar.slots,
      requests: edgar.requests,
      ratePerSecond: edgar.ratePerSecond,
      close: edgar.release,
    };
  },
};

/** Zips of this machine: nobody is asked for them. */
function isOfThisMachine({ bulk }: RunRecord["parameters"]): boolean {
  return typeof bulk === "string" && !bulk.startsWith("/Archives/");
}

const noLane: EdgarLane = {
  get: () => Promise.reject(new TypeError("Files of this machine are not asked for.")),
  slots: 1,
  requests: () => 0,
  ratePerSecond: () => 0,
  release: () => Promise.resolve(),
};
