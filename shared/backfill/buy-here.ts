import { datasets, type DatasetName, type DatasetSpec } from "../catalogue.ts";
import type { Progress } from "../progress.ts";
import { formatCount } from "../units.ts";
import type { OpenWork } from "./dataset.ts";
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

/** What is done with units of a dataset, in two words. */
export function labelOf(dataset: DatasetName): string {
  const { lane }: DatasetSpec = datasets[dataset];
  return `${lane ? "fetch" : "make"} ${dataset.replaceAll("_", " ")}`;
}
