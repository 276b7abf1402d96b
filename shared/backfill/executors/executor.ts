import type { JobName } from "../../catalogue.ts";

/** A number of like children that work on one run; each is told its number and pulls what it does from the ledger. */
export interface WorkOrder {
  readonly runId: string;
  /** Unique in its run, and the same when it is sent again: a submit whose reply was lost is found by it. */
  readonly name: string;
  /** Whose sizes, role and secrets its children have. */
  readonly job: JobName;
  /** Arguments of `quarry`. A child finds its shard, 0 .. children - 1, in `QUARRY_SHARD`. */
  readonly command: readonly string[];
  readonly children: number;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** A child that runs longer is ended. */
  readonly timeoutSeconds: number;
  /** Interruptible capacity; what it leaves is ordered again without. */
  readonly spot: boolean;
  /** Share of the queue that the order counts against. */
  readonly share: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Where a work order stands. */
export interface OrderStatus {
  readonly name: string;
  /** Children by state. */
  readonly children: Readonly<Record<ChildState, number>>;
  /** Children that ended without doing what they should, by shard, and why. */
  readonly failures: readonly ChildFailure[];
  /** Seconds that children ran, times their vCPUs, attempts included. */
  readonly vcpuSeconds: number;
}

/**
 * `waiting` not begun, `running`, `done` exit code 0, `later` exit code 75 (its lane is closed, its slots are taken), `failed`
 * anything else.
 */
export type ChildState = "waiting" | "running" | "done" | "later" | "failed";

export interface ChildFailure {
  readonly shard: number;
  readonly state: "later" | "failed";
  /** Null when a signal, the time limit, or the platform ended it. */
  readonly exitCode: number | null;
  readonly reason: string;
}

/** Where children run: processes on this machine, containers on AWS Batch. A second cloud is one more of these. */
export interface Executor {
  readonly name: string;

  /**
   * Starts an order once: one of the same run and name that is there already is not started again.
   *
   * @throws SourceUnavailable when the platform can't answer now
   * @throws SourceRejected when it refuses us, with what to mend
   */
  submit(order: WorkOrder, signal: AbortSignal): Promise<void>;

  /** Where orders of a run stand, those it was given and finds; in the order given. */
  status(runId: string, names: readonly string[], signal: AbortSignal): Promise<OrderStatus[]>;

  /** Ends all orders of a run that are not over. */
  cancel(runId: string, names: readonly string[], reason: string): Promise<void>;

  /** Lets go of what it holds; children that run go on or end, as `cancel` was or was not called. */
  close(): Promise<void>;
}
