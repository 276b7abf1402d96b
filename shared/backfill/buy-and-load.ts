import type { Log } from "../log.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { Dataset, FetchUnit } from "./dataset.ts";
import { endsOf, type Ends } from "./ends.ts";
import { withLoaderLease } from "./loader-lease.ts";
import type { Plan } from "./plan.ts";
import { receiptsOfUnits, type Receipt } from "./receipt.ts";
import { settled, type Bought } from "./through-run.ts";

export interface BuyAndLoadDeps<Unit> {
  readonly objects: ObjectStore;
  readonly runId: string;
  readonly now: () => number;
  readonly log: Log;
  buy(plan: Plan<Unit>, signal: AbortSignal): Promise<Bought | object>;
}

/**
 * Buys what a plan asks for, here or elsewhere, and brings what the ledger has of its units into the tables, as the one loader.
 *
 * @param load of receipts that are done
 * @returns what was loaded, and what became of each unit
 */
export async function buyAndLoad<Unit extends FetchUnit, Loaded>(
  dataset: Dataset<Unit>,
  plan: Plan<Unit>,
  deps: BuyAndLoadDeps<Unit>,
  load: (
    done: readonly Receipt[],
    options: { readonly source: string; readonly runId: string; readonly nowMs: number },
  ) => Promise<Loaded>,
  signal: AbortSignal,
): Promise<Ends & { readonly loaded: Loaded }> {
  const { objects, runId, now, log } = deps;
  const { source, all } = plan;
  const bought = await deps.buy(plan, signal);
  const bring = async (): Promise<Ends & { readonly loaded: Loaded }> => {
    const keys = all.map((unit) => dataset.keyOf(unit));
    const receipts = await receiptsOfUnits(objects, dataset.name, source, keys);
    const done = receipts.flat().filter(({ state }) => state === "done");
    const options = { source, runId, nowMs: now() };
    const loaded = await withLoaderLease(objects, runId, () => load(done, options), signal);
    const rows = done.reduce(
      (sum, { files }) => files.reduce((more, { rows: own }) => more + own, sum),
      0,
    );
    log.info({ dataset: dataset.name, rows }, "loaded");
    return { loaded, ...endsOf(dataset, plan, receipts, runId) };
  };
  return settled(bought, bring, log);
}
