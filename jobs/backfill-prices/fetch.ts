import {
  workThrough,
  type UnitEnd,
  type UnitWork,
  type WorkOptions,
  type Worked,
} from "../../shared/backfill/work.ts";
import { datasets } from "../../shared/catalogue.ts";
import { formatCount } from "../../shared/units.ts";
import type { Deps } from "../deps.ts";
import { fetchUnit, type FetchDeps } from "./fetch-unit.ts";
import { isOver, type PriceUnit } from "./units.ts";

/** How units of prices are bought. */
export function priceWork(deps: FetchDeps): UnitWork<PriceUnit> {
  return {
    dataset: "prices",
    source: deps.source,
    keyOf: ({ symbol }) => symbol,
    isOver,
    buy: (unit, signal) => fetchUnit(unit, deps, signal),
  };
}

/** Buys units in this process. */
export async function fetchHere(
  units: readonly PriceUnit[],
  deps: FetchDeps & Pick<Deps, "progress" | "log" | "runId"> & Partial<WorkOptions>,
  signal: AbortSignal,
): Promise<Worked<PriceUnit>> {
  const task = deps.progress.start("fetch prices", units.length);
  const { lane } = deps;
  let failed = 0;
  const worked = await workThrough(
    units,
    priceWork(deps),
    {
      holder: deps.runId,
      concurrency: 8,
      begin: 0,
      ...deps,
      ended: (end: UnitEnd) => {
        deps.ended?.(end);
        task.advance();
        if (end === "failed") failed++;
        const rate = `up to ${lane.ratePerSecond.toFixed(1)} requests/s at ${datasets.prices.lane}`;
        task.note(`${formatCount(failed)} failed, ${rate}`);
      },
    },
    signal,
  );
  task.end();
  return worked;
}
