import type { DatasetName, LaneSpec } from "../catalogue.ts";
import type { Settings } from "../env.ts";
import type { Log } from "../log.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { Receipt } from "./receipt.ts";
import type { RunRecord } from "./runs.ts";
import type { UnitWork } from "./work.ts";

/** What all fetch units have, whatever dataset they are of. */
export interface FetchUnit {
  /** First day that is to be there, and the last one that must be. */
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Receipts that it had when the run was planned: a later one ends it for this run, whatever it says. */
  readonly seen?: number | undefined;
}

/** What buying needs, wherever it is done: no database. */
export interface BuyDeps {
  readonly settings: Settings;
  readonly objects: ObjectStore;
  readonly log: Log;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** A process's means to buy units of a run: slots of a lane, a panel. */
export interface OpenWork<Unit> {
  readonly work: UnitWork<Unit>;
  /** Units under way at once. */
  readonly concurrency: number;
  /** Requests to the vendor so far, and how many a second it would make now; 0 where there is no vendor. */
  readonly requests: () => number;
  readonly ratePerSecond: () => number;
  /** Gives the slots back. */
  close(): Promise<void>;
}

/**
 * A dataset as the engine sees it: what `plan`, runs, their children and `retry` need of it. One a dataset, in the folder of
 * its job.
 */
export interface Dataset<Unit extends FetchUnit> {
  readonly name: DatasetName;
  keyOf(unit: Unit): string;
  /** True when what receipts tell is all that a unit is to bring. */
  isDone(unit: Unit, told: readonly Pick<Receipt, "state" | "from" | "to" | "basis">[]): boolean;
  /**
   * The lane to its vendor as it is configured; undefined where nobody is asked.
   *
   * @param source of the run
   */
  lane(settings: Settings, source: string): (LaneSpec & { readonly name: string }) | undefined;
  /**
   * The units of a run's record.
   *
   * @throws MalformedRecord when it is no run of this dataset
   */
  unitsOf(run: RunRecord): Unit[];
  /**
   * Opens what buying takes.
   *
   * @param run whose units are bought
   * @param holder name in slots and claims; a retry has the same
   * @param slots of the lane that are wanted; all that are free by default
   * @throws SourceUnavailable when others hold all of them
   */
  open(
    run: Pick<RunRecord, "runId" | "source" | "parameters">,
    deps: BuyDeps,
    holder: string,
    slots?: number,
  ): Promise<OpenWork<Unit>>;
}

/** True when a receipt tells of what a unit is to be made of, as that is now. */
export function isMadeOf(
  { basis }: { readonly basis: string },
  told: readonly Pick<Receipt, "state" | "basis">[],
): boolean {
  return told.some((one) => one.state === "done" && one.basis === basis);
}

/** True when a run need not do anything more for a unit: it is done, or this run has failed to buy it. */
export function isOver<Unit extends FetchUnit>(
  dataset: Pick<Dataset<Unit>, "isDone">,
  unit: Unit,
  receipts: readonly Receipt[],
): boolean {
  return dataset.isDone(unit, receipts) || receipts.length > (unit.seen ?? Infinity);
}

/** How units of a dataset are bought, by what buys one. */
export function workOf<Unit extends FetchUnit>(
  dataset: Dataset<Unit>,
  source: string,
  buy: UnitWork<Unit>["buy"],
): UnitWork<Unit> {
  return {
    dataset: dataset.name,
    source,
    keyOf: (unit) => dataset.keyOf(unit),
    isOver: (unit, receipts) => isOver(dataset, unit, receipts),
    buy,
  };
}

/** Work that asks no vendor: a unit after the other. */
export function openWithoutLane<Unit>(work: UnitWork<Unit>): OpenWork<Unit> {
  const none = (): number => 0;
  return {
    work,
    concurrency: 1,
    requests: none,
    ratePerSecond: none,
    close: () => Promise.resolve(),
  };
}
