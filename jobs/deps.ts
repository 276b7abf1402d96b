import type { Settings } from "../shared/env.ts";
import type { Log } from "../shared/log.ts";
import type { ObjectStore } from "../shared/objects/object-store.ts";
import type { Progress } from "../shared/progress.ts";
import type { Warehouse } from "../shared/warehouse/warehouse.ts";

/** What every job is given: the stores, the clock, the log. */
export interface Deps {
  readonly settings: Settings;
  readonly log: Log;
  readonly progress: Progress;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  readonly warehouse: Warehouse;
  readonly objects: ObjectStore;
  /** Names the run that this job belongs to. */
  readonly runId: string;
}
