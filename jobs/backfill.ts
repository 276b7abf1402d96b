import type { Dataset, FetchUnit } from "../shared/backfill/dataset.ts";
import type { Plan } from "../shared/backfill/plan.ts";
import type { RunRecord } from "../shared/backfill/runs.ts";
import type { Bought } from "../shared/backfill/through-run.ts";
import type { Settings } from "../shared/env.ts";
import type { Log } from "../shared/log.ts";
import type { ObjectStore } from "../shared/objects/object-store.ts";
import type { Warehouse } from "../shared/warehouse/warehouse.ts";
import type { Deps } from "./deps.ts";

/** What planning needs. */
export interface PlanDeps {
  readonly settings: Settings;
  readonly objects: ObjectStore;
  readonly nowMs: number;
  readonly log: Log;
  /** Opens the warehouse, where what is to be done depends on what it holds. */
  readonly warehouse: () => Promise<Warehouse>;
}

/** What a backfill is given to buy with. */
export interface BackfillDeps<Unit> extends Deps {
  /** Buys what it can of a plan's units, here or elsewhere; what became of them stands in the ledger. */
  buy(plan: Plan<Unit>, signal: AbortSignal): Promise<Bought | object>;
}

/** A dataset's backfill as commands run it: one a dataset, in the folder of its job. */
export interface Backfill<Args, Unit extends FetchUnit, Report> {
  readonly dataset: Dataset<Unit>;
  sourceOf(args: Args): string;
  /** What was asked as a run's record holds it, and read again from there. */
  parametersOf(args: Args): RunRecord["parameters"];
  argsOf(run: Pick<RunRecord, "source" | "parameters">): Args;
  /** What was asked in short, for the table of runs. */
  inShort(args: Args): object;
  plan(args: Args, deps: PlanDeps): Promise<Plan<Unit>>;
  run(args: Args, deps: BackfillDeps<Unit>, signal: AbortSignal): Promise<Report>;
  /** What the report means for the process: nothing, a failure, or another try later. */
  failureOf(report: Report): Error | undefined;
}
