import type { ChildFailure, OrderStatus, WorkOrder } from "./executor.ts";

/** A job of ours as Batch names it: letters, digits, hyphens, underscores, 128 at most. */
export function jobName(runId: string, order: string): string {
  return `quarry-${runId}-${order}`.replaceAll(/[^\w-]/g, "-").slice(0, 128);
}

/** The one container of a task. */
const containerName = "quarry";

/** Batch tries again what its own platform ended, and nothing else; the last entry says so, or it would try all again. */
export const retryStrategy = {
  attempts: 3,
  evaluateOnExit: [
    { onStatusReason: "Your Spot Task was interrupted*", action: "RETRY" },
    { onStatusReason: "Host EC2*", action: "RETRY" },
    { onStatusReason: "Task failed to start*", action: "RETRY" },
    { onReason: "*", action: "EXIT" },
  ],
} as const;

/** A part of an order that one array holds. */
export interface OrderPart extends WorkOrder {
  /** Shard of its first child. */
  readonly offset: number;
}

/** The name of an order's nth part; the first has the order's own. */
export const partName = (order: string, part: number): string =>
  part === 0 ? order : `${order}-part${part + 1}`;

/** An order in arrays of at most so many children. */
export function partsOf(order: WorkOrder, most: number): OrderPart[] {
  return Array.from({ length: Math.ceil(order.children / most) }, (_, part) => ({
    ...order,
    name: partName(order.name, part),
    children: Math.min(most, order.children - part * most),
    offset: part * most,
  }));
}

/** What a submit asks for, but for queue and definition. */
export function submission(order: WorkOrder & Partial<Pick<OrderPart, "offset">>) {
  const { offset = 0 } = order;
  return {
    jobName: jobName(order.runId, order.name),
    shareIdentifier: order.share.replaceAll(/[^A-Za-z0-9]/g, ""),
    // An array has two children at least; a job of one is shard 0.
    ...(order.children > 1 && { arrayProperties: { size: order.children } }),
    // Definitions are of ECS properties, which alone have a stop timeout: they take no container overrides.
    ecsPropertiesOverride: {
      taskProperties: [
        {
          containers: [
            {
              name: containerName,
              command: [...order.command],
              environment: [
                { name: "QUARRY_RUN", value: order.runId },
                ...(offset > 0 ? [{ name: "QUARRY_SHARD_OFFSET", value: String(offset) }] : []),
              ],
              resourceRequirements: [
                { type: "VCPU" as const, value: String(order.vcpus) },
                { type: "MEMORY" as const, value: String(order.memoryMiB) },
              ],
            },
          ],
        },
      ],
    },
    timeout: { attemptDurationSeconds: order.timeoutSeconds },
    retryStrategy: {
      attempts: retryStrategy.attempts,
      evaluateOnExit: retryStrategy.evaluateOnExit.map((entry) => ({ ...entry })),
    },
    tags: { ...order.tags },
    propagateTags: true,
  };
}

/** What Batch tells of one job or one child of an array. */
export interface BatchJob {
  readonly status: string;
  readonly shard: number;
  readonly exitCode: number | undefined;
  readonly reason: string;
  /** Ms since 1970 UTC. */
  readonly startedAt: number | undefined;
  readonly stoppedAt: number | undefined;
}

/** The exit code of a child that is to be tried later. */
const laterCode = 75;

/** Where an order stands, by what its jobs say. */
export function orderStatus(
  name: string,
  jobs: readonly BatchJob[],
  vcpus: number,
  nowMs: number,
): OrderStatus {
  const children = { waiting: 0, running: 0, done: 0, later: 0, failed: 0 };
  const failures: ChildFailure[] = [];
  let seconds = 0;
  for (const { status, shard, exitCode, reason, startedAt, stoppedAt } of jobs) {
    if (startedAt !== undefined) seconds += Math.max(0, (stoppedAt ?? nowMs) - startedAt) / 1000;
    if (status === "SUCCEEDED") children.done++;
    else if (status === "RUNNING") children.running++;
    else if (status !== "FAILED") children.waiting++;
    else {
      const state = exitCode === laterCode ? "later" : "failed";
      children[state]++;
      failures.push({ shard, state, exitCode: exitCode ?? null, reason });
    }
  }
  return { name, children, failures, vcpuSeconds: seconds * vcpus };
}
