import { hostname } from "node:os";
import type { Clock } from "../clock.ts";
import { Busy } from "../errors.ts";
import type { Log } from "../log.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { minuteMs, secondMs } from "../units.ts";
import type { Executor, OrderStatus, WorkOrder } from "./executors/executor.ts";
import { acquireLease, holderOf, type Lease } from "./lease.ts";
import {
  cancelReason,
  coordinatorKey,
  putState,
  talliesOf,
  type RunRecord,
  type RunState,
  type Tally,
} from "./runs.ts";

/** What coordinating a run needs. */
export interface CoordinateOptions {
  readonly objects: ObjectStore;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly log: Log;
  /** What a child is given. */
  readonly order: Pick<
    WorkOrder,
    "job" | "command" | "vcpus" | "memoryMiB" | "timeoutSeconds" | "tags"
  >;
  /** Units that nobody has bought and nobody has failed to buy yet. */
  readonly left: () => Promise<number>;
  /** No order goes out after so long. */
  readonly maxDurationMs: number | undefined;
  /** Dollars of a vCPU-second on this executor, and dollars that may be spent. */
  readonly dollarsPerVcpuSecond: number;
  readonly budgetUsd: number | undefined;
  /** Between two looks. */
  readonly pollMs: number;
  /** Is told how far all children are, and what they have cost, dollars. */
  readonly watch: (tallies: readonly Tally[], dollars: number) => void;
}

/** How coordinating ended; the ledger says what became of each unit. */
export interface Coordinated {
  readonly actuals: RunState["actuals"];
  readonly rounds: number;
  /** Units that are left, and why nobody goes on with them now. */
  readonly left: number;
  readonly reason: string;
  /** True when children ended for a reason that another try won't mend. */
  readonly broken: boolean;
}

const coordinatorTtlMs = 30 * secondMs;

/** Rounds without any progress after which it gives up for now. */
const patience = 2;

const longestPauseMs = 10 * minuteMs;

/**
 * Drives a run: orders children, watches them, orders again what they left (their machine was taken away, they were killed,
 * their lane closed), until nothing is left or nothing moves. Killed itself, it goes on from the ledger when it is started again.
 *
 * @throws Busy when somebody else coordinates this run
 */
export async function coordinate(
  run: RunRecord,
  options: CoordinateOptions,
  signal: AbortSignal,
): Promise<Coordinated> {
  const { objects, clock } = options;
  const key = coordinatorKey(run.runId);
  const lease = await acquireLease(
    objects,
    key,
    `${hostname()}:${process.pid}:${clock.now()}`,
    coordinatorTtlMs,
  );
  if (lease === undefined) {
    const holder = await holderOf(objects, key);
    throw new Busy(
      `Run ${run.runId} is under way (${holder?.holder ?? "?"}): watch it with "quarry watch ${run.runId}", or try again in ${Math.ceil(Math.max(0, holder?.leftMs ?? 0) / 1000)} s.`,
    );
  }
  try {
    return await new Coordinator(run, options, lease).drive(signal);
  } finally {
    await lease.release().catch(() => undefined);
  }
}

class Coordinator {
  readonly #run: RunRecord;
  readonly #options: CoordinateOptions;
  readonly #lease: Lease;
  readonly #startedMs: number;
  #renewedMs: number;
  readonly #names: string[] = [];
  #vcpuSeconds = 0;

  constructor(run: RunRecord, options: CoordinateOptions, lease: Lease) {
    this.#run = run;
    this.#options = options;
    this.#lease = lease;
    this.#startedMs = options.clock.now();
    this.#renewedMs = this.#startedMs;
  }

  async drive(signal: AbortSignal): Promise<Coordinated> {
    const { left: count, clock, log } = this.#options;
    let before = await count();
    let idle = 0;
    let reason = "";
    let broken = false;
    for (let round = 1; before > 0; round++) {
      reason = await this.#whyNot();
      if (reason !== "") break;
      const status = await this.#round(round, before, signal);
      const left = await count();
      const failure = status.failures[0];
      idle = left < before ? 0 : idle + 1;
      before = left;
      if (left === 0) break;
      reason = failure === undefined ? "others are at them" : failure.reason;
      broken = failure?.state === "failed" && failure.exitCode !== null;
      log.info({ run: this.#run.runId, round, left, reason }, "a round is over");
      if (idle >= patience) break;
      const pauseMs = Math.min(longestPauseMs, secondMs * 2 ** (2 * idle));
      await clock.sleep(status.children.later > 0 || idle > 0 ? pauseMs : 0, signal);
    }
    return {
      actuals: await this.#actuals(),
      rounds: this.#names.length,
      left: before,
      reason,
      broken,
    };
  }

  /** Why no further order may go out; empty when one may. */
  async #whyNot(): Promise<string> {
    const { objects, clock, maxDurationMs, budgetUsd, dollarsPerVcpuSecond } = this.#options;
    const cancelled = await cancelReason(objects, this.#run.runId);
    if (cancelled !== undefined) return `cancelled: ${cancelled}`;
    if (maxDurationMs !== undefined && clock.now() - this.#startedMs >= maxDurationMs) {
      return "the time it was given is over";
    }
    const spent = this.#vcpuSeconds * dollarsPerVcpuSecond;
    if (budgetUsd !== undefined && spent >= budgetUsd) {
      return `the budget of $${budgetUsd} is spent`;
    }
    return "";
  }

  /** Orders children, and waits until all are over. */
  async #round(round: number, left: number, signal: AbortSignal): Promise<OrderStatus> {
    const { executor, order, clock, pollMs, objects, watch, dollarsPerVcpuSecond } = this.#options;
    const { runId, children, dataset } = this.#run;
    // Another coordinator of this run may have used the plain names: a second one begins after them.
    const name = `${this.#lease.epoch}-${round}`;
    this.#names.push(name);
    await executor.submit(
      {
        ...order,
        runId,
        name,
        children: Math.min(children, left),
        spot: round === 1,
        share: dataset,
      },
      signal,
    );
    const earlier = this.#vcpuSeconds;
    for (;;) {
      const [status] = await executor.status(runId, [name], signal);
      await this.#keepLease();
      if (status) {
        this.#vcpuSeconds = earlier + status.vcpuSeconds;
        watch(await talliesOf(objects, runId), this.#vcpuSeconds * dollarsPerVcpuSecond);
        if (status.children.waiting + status.children.running === 0) return status;
      }
      const why = await this.#whyNot();
      if (why !== "" || signal.aborted) {
        await executor.cancel(runId, [name], why === "" ? "stopped" : why);
      }
      if (signal.aborted) {
        await executor.close();
        signal.throwIfAborted();
      }
      await clock.sleep(pollMs, signal).catch(() => undefined);
    }
  }

  async #keepLease(): Promise<void> {
    const { clock, executor } = this.#options;
    if (clock.now() - this.#renewedMs < coordinatorTtlMs / 3) return;
    if (!(await this.#lease.renew())) {
      await executor.close();
      throw new Busy(`Run ${this.#run.runId} was taken over by another coordinator.`);
    }
    this.#renewedMs = clock.now();
  }

  async #actuals(): Promise<RunState["actuals"]> {
    const { objects, clock, dollarsPerVcpuSecond } = this.#options;
    const tallies = await talliesOf(objects, this.#run.runId);
    return {
      requests: tallies.reduce((sum, { requests }) => sum + requests, 0),
      vcpuSeconds: this.#vcpuSeconds,
      dollars: this.#vcpuSeconds * dollarsPerVcpuSecond,
      seconds: (clock.now() - this.#startedMs) / secondMs,
    };
  }
}

/** Writes down how a run ended. */
export async function endRun(
  objects: ObjectStore,
  run: Pick<RunRecord, "runId">,
  end: Pick<RunState, "state" | "reason" | "actuals">,
  nowMs: number,
): Promise<void> {
  await putState(objects, run.runId, { ...end, at: new Date(nowMs).toISOString() });
}
