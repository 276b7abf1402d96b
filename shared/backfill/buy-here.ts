import { datasets, type DatasetName, type DatasetSpec } from "../catalogue.ts";
import type { Progress } from "../progress.ts";
import { formatCount } from "../units.ts";
import type { BuyDeps, Dataset, FetchUnit, OpenWork } from "./dataset.ts";
import type { Plan } from "./plan.ts";
import type { RunRecord } from "./runs.ts";
import { workThrough, type UnitEnd, type WorkOptions, type Worked } from "./work.ts";

/** What a process needs to buy units itself; all else of how it works has a default. */
export type BuyHereOptions = Pick<WorkOptions, "objects" | "log" | "runId"> &
  Partial<WorkOptions> & { readonly progress: Progress };

/** Buys units in this process, and shows how far it is. */
export async function buyHere<Unit>(
  units: readonly Unit[],
  { work, concurrency, ratePerSecond }: OpenWork<Unit>,
  options: BuyHereOptions,
  signal: AbortSignal,
): Promise<Worked<Unit>> {
  const dataset = work.dataset as DatasetName;
  const { lane }: DatasetSpec = datasets[dataset];
  const task = options.progress.start(labelOf(dataset), units.length);
  let failed = 0;
  const worked = await workThrough(
    units,
    work,
    {
      holder: options.runId,
      concurrency,
      begin: 0,
      ...options,
      ended: (end: UnitEnd) => {
        options.ended?.(end);
        task.advance();
        if (end === "failed") failed++;
        const rate = lane ? `, up to ${ratePerSecond().toFixed(1)} requests/s at ${lane}` : "";
        task.note(`${formatCount(failed)} failed${rate}`);
      },
    },
    signal,
  );
  task.end();
  return worked;
}

/**
 * Buys a plan's units in this process alone: opens what that takes, and closes it again. It is no run that others could go on with;
 * what is left is the next one's.
 *
 * @param slots of the lane that are wanted; all that are free by default
 * @throws SourceUnavailable when others hold all of them
 */
export async function buyAlone<Unit extends FetchUnit>(
  dataset: Dataset<Unit>,
  {
    source,
    units,
    parameters = {},
  }: Pick<Plan<Unit>, "source" | "units"> & { readonly parameters?: RunRecord["parameters"] },
  deps: BuyDeps & BuyHereOptions,
  signal: AbortSignal,
  slots?: number,
): Promise<Worked<Unit>> {
  const { runId } = deps;
  const open = await dataset.open({ runId, source, parameters }, deps, runId, slots);
  try {
    return await buyHere(units, open, deps, signal);
  } finally {
    await open.close();
  }
}

/** What is done with units of a dataset, in two words. */
export function labelOf(dataset: DatasetName): string {
  const { lane }: DatasetSpec = datasets[dataset];
  return `${lane ? "fetch" : "make"} ${dataset.replaceAll("_", " ")}`;
}
