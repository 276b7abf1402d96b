import { availableParallelism } from "node:os";
import { datasets, jobs, type DatasetName, type DatasetSpec } from "../catalogue.ts";
import { systemClock } from "../clock.ts";
import { Failed, InvalidInput, messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Progress } from "../progress.ts";
import { formatCount, minuteMs, secondMs } from "../units.ts";
import { buyHere, labelOf } from "./buy-here.ts";
import { coordinate, endRun, type Coordinated, type CoordinateOptions } from "./coordinator.ts";
import { isOver, type BuyDeps, type Dataset, type FetchUnit } from "./dataset.ts";
import { dollarsPerVcpuSecond } from "./estimate.ts";
import type { Executor } from "./executors/executor.ts";
import { acquireLease, keepLease } from "./lease.ts";
import { compactLedger } from "./ledger-index.ts";
import type { Plan } from "./plan.ts";
import { receiptsOfUnits } from "./receipt.ts";
import {
  coordinatorKey,
  getRun,
  putRun,
  putState,
  putTally,
  runIds,
  stateOf,
  talliesOf,
  type RunRecord,
  type RunState,
  type Tally,
} from "./runs.ts";

/** What buying through a run needs. */
export interface RunDeps extends BuyDeps {
  readonly progress: Progress;
  readonly runId: string;
  readonly codeVersion: string;
}

/** How a run's units are bought. */
export interface RunOptions {
  /** What was asked, as the dataset's `argsOf` reads it again. */
  readonly parameters: RunRecord["parameters"];
  readonly executor: Executor;
  readonly maxDurationMs: number | undefined;
  readonly budgetUsd: number | undefined;
}

/** A run whose units were bought, and which is not over before the tables hold what they brought. */
export interface Bought {
  /** @param thrown why the tables don't hold it; undefined when they do */
  settle(thrown?: unknown): Promise<void>;
}

/**
 * Loads what was bought, and then ends its run, where it was bought by one.
 *
 * @param bought by a run, or by this process alone
 */
export async function settled<Report>(
  bought: Bought | object,
  load: () => Promise<Report>,
  log: Log,
): Promise<Report> {
  if (!("settle" in bought)) return load();
  let report: Report;
  try {
    report = await load();
  } catch (thrown) {
    // What can't be written down any more must not hide why.
    await bought.settle(thrown).catch((unwritten: unknown) => {
      log.warn({ unwritten: messageOf(unwritten) }, "how the run ended was not written down");
    });
    throw thrown;
  }
  await bought.settle();
  return report;
}

/** Local children: more of them than this don't fetch faster, they work on the same cores. */
const localChildren = Math.max(2, availableParallelism());

/**
 * Buys units as a run that is written down: its record first, then its children, here or elsewhere, then how it ended. What
 * is left when it dies is bought by the next run over the same units.
 */
export async function buyThroughRun<Unit extends FetchUnit>(
  dataset: Dataset<Unit>,
  plan: Pick<Plan<Unit>, "source" | "units" | "estimate">,
  deps: RunDeps,
  { parameters, executor, maxDurationMs, budgetUsd }: RunOptions,
  signal: AbortSignal,
): Promise<Coordinated & Bought> {
  const { objects, settings, runId, log } = deps;
  const { source, units, estimate } = plan;
  const jobName = datasets[dataset.name].job;
  const job = jobs[jobName];
  const lane = dataset.lane(settings, source);
  const local = executor.name === "local";
  const children = local
    ? Math.min(localChildren, lane ? estimate.children : Math.max(1, units.length))
    : estimate.children;
  const { dollars } = estimate;
  const [least, what] = local ? [dollars.tokens ?? 0, "of tokens"] : [dollars.spot, "on Spot"];
  if (budgetUsd !== undefined && least > budgetUsd) {
    throw new Failed(
      `The plan takes $${least.toFixed(2)} ${what}, the budget is $${budgetUsd}: nothing was ordered; raise it, or ask for less.`,
    );
  }
  if (budgetUsd !== undefined && dollars.tokens === null) {
    throw new InvalidInput(
      "--budget-usd: nobody knows the model's price, so that a budget can't be kept; leave it out, or add the model to shared/text/models.ts.",
    );
  }
  await putRun(objects, {
    runId,
    dataset: dataset.name,
    source,
    parameters,
    codeVersion: deps.codeVersion,
    createdAt: new Date(deps.now()).toISOString(),
    executor: executor.name,
    children,
    slotsEach: Math.max(1, Math.floor((lane?.slots ?? 1) / children)),
    estimate: { ...estimate },
    units: units.map((unit) => ({ key: dataset.keyOf(unit), ...unit })) as RunRecord["units"],
  });
  const run = await getRun(objects, runId);
  const nothing = { requests: 0, vcpuSeconds: 0, dollars: 0, seconds: 0 };
  await putState(objects, runId, {
    state: "running",
    reason: "",
    at: run.createdAt,
    actuals: nothing,
  });
  if (units.length === 0) {
    const coordinated = { actuals: nothing, rounds: 0, left: 0, reason: "", broken: false };
    return { ...coordinated, settle: await loading(run, "done", coordinated, deps, signal) };
  }
  const keys = units.map((unit) => dataset.keyOf(unit));
  const left = async (): Promise<number> => {
    const receipts = await receiptsOfUnits(objects, dataset.name, source, keys);
    return units.filter((unit, at) => !isOver(dataset, unit, receipts[at]!)).length;
  };
  const end = (
    state: "done" | "later" | "failed" | "cancelled",
    reason: string,
    actuals = nothing,
  ) => endRun(objects, run, { state, reason, actuals }, deps.now());
  try {
    const coordinated =
      local && children === 1
        ? await here(dataset, run, units, deps, left, signal)
        : await watched(dataset.name, units.length, deps, (watch) =>
            coordinate(
              run,
              {
                objects,
                executor,
                clock: systemClock,
                log,
                order: {
                  job: jobName,
                  command: ["work", runId],
                  vcpus: job.vcpus,
                  memoryMiB: job.memoryMiB,
                  timeoutSeconds: job.timeoutSeconds,
                  tags: { "quarry:run": runId, "quarry:dataset": dataset.name },
                },
                left,
                maxDurationMs,
                budgetUsd,
                dollarsPerVcpuSecond: local ? 0 : dollarsPerVcpuSecond(job, "onDemand"),
                pollMs: local ? 100 : settings.number("pollSeconds", 0.01, 3600) * secondMs,
                watch,
              },
              signal,
            ),
          );
    const { left: remaining, reason, broken, actuals } = coordinated;
    const cancelled = reason.startsWith("cancelled");
    await compact(objects, dataset.name, source, runId);
    const state = remaining === 0 ? "done" : cancelled ? "cancelled" : broken ? "failed" : "later";
    if (state === "failed") {
      await end(state, reason, actuals);
      throw new Failed(reason);
    }
    return { ...coordinated, settle: await loading(run, state, coordinated, deps, signal) };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    if (!(thrown instanceof Failed)) {
      const tallies = await talliesOf(objects, runId);
      const requests = tallies.reduce((sum, tally) => sum + tally.requests, 0);
      const vcpuSeconds = tallies.reduce((sum, tally) => sum + tally.seconds, 0);
      const seconds = (deps.now() - Date.parse(run.createdAt)) / secondMs;
      const actuals = { requests, vcpuSeconds, dollars: 0, seconds };
      if (signal.aborted) await end("cancelled", "stopped", actuals);
      else await end("failed", reason, actuals);
    }
    throw thrown;
  } finally {
    await executor.close();
  }
}

const leaseMs = 30 * secondMs;

/**
 * Holds a run while what it bought is brought into the tables: whoever watches it sees it done when they are full.
 *
 * @param state in which it ends when that goes well
 */
async function loading(
  run: RunRecord,
  state: RunState["state"],
  { reason, actuals }: Coordinated,
  { objects, now }: RunDeps,
  signal: AbortSignal,
): Promise<Bought["settle"]> {
  const { runId } = run;
  const lease = await acquireLease(objects, coordinatorKey(runId), `load/${runId}`, leaseMs);
  const letGo = lease && keepLease(lease, leaseMs);
  return async (thrown) => {
    const end = {
      state: thrown === undefined ? state : signal.aborted ? "cancelled" : "failed",
      reason: thrown === undefined ? reason : `the load: ${messageOf(thrown)}`,
      actuals,
    } as const;
    try {
      await endRun(objects, run, end, now());
    } finally {
      await letGo?.();
    }
  };
}

/** A few units: this process buys them, with all slots that are free. */
async function here<Unit extends FetchUnit>(
  dataset: Dataset<Unit>,
  run: RunRecord,
  units: readonly Unit[],
  deps: RunDeps,
  left: () => Promise<number>,
  signal: AbortSignal,
): Promise<Coordinated> {
  const { objects, runId, now } = deps;
  const startedMs = now();
  const lease = await acquireLease(objects, coordinatorKey(runId), runId, leaseMs);
  const letGo = lease && keepLease(lease, leaseMs);
  const holder = `${runId}/0`;
  let open: Awaited<ReturnType<typeof dataset.open>> | undefined;
  try {
    open = await dataset.open(run, deps, holder);
    const { requests, ratePerSecond } = open;
    const { ends, missing } = await buyHere(
      units,
      open,
      { ...deps, holder, enough: AbortSignal.timeout(30 * minuteMs) },
      signal,
    );
    const seconds = (now() - startedMs) / secondMs;
    const tally = {
      shard: 0,
      ...ends,
      requests: requests(),
      ratePerSecond: ratePerSecond(),
      seconds,
    };
    await putTally(objects, runId, "0", tally);
    return {
      actuals: { requests: requests(), vcpuSeconds: seconds, dollars: 0, seconds },
      rounds: 1,
      left: await left(),
      broken: false,
      reason: missing.length > 0 ? "the lane closed" : ends.claimed > 0 ? "others are at them" : "",
    };
  } finally {
    await open?.close();
    await letGo?.();
  }
}

/** Shows how far the children are: done, failed, the rate at the lane, and what it has cost. */
async function watched(
  dataset: DatasetName,
  units: number,
  { progress, now }: RunDeps,
  work: (watch: CoordinateOptions["watch"]) => Promise<Coordinated>,
): Promise<Coordinated> {
  const task = progress.start(labelOf(dataset), units);
  const startedMs = now();
  let shown = 0;
  const coordinated = await work((tallies, dollars) => {
    const sum = (pick: (tally: Tally) => number): number =>
      tallies.reduce((total, tally) => total + pick(tally), 0);
    const failed = sum((tally) => tally.failed);
    const over = sum((tally) => tally.done) + failed;
    if (over > shown) task.advance(over - shown);
    shown = Math.max(shown, over);
    const requests = sum((tally) => tally.requests);
    const rate = (requests * secondMs) / Math.max(secondMs, now() - startedMs);
    const cost = dollars > 0 ? `, $${dollars.toFixed(2)}` : "";
    const { lane }: DatasetSpec = datasets[dataset];
    const atLane = lane ? `, ${rate.toFixed(1)} requests/s at ${lane}` : "";
    task.note(`${formatCount(failed)} failed${atLane}${cost}`);
  });
  // A child that was killed took its last second's count with it.
  if (coordinated.left === 0) task.advance(units - shown);
  task.end();
  return coordinated;
}

/** Brings the index of the ledger up to date, this run and all those before it that are over included. */
async function compact(
  objects: BuyDeps["objects"],
  dataset: DatasetName,
  source: string,
  runId: string,
): Promise<void> {
  const ended = new Set([runId]);
  for (const id of await runIds(objects)) {
    const run = await getRun(objects, id);
    if (run.dataset !== dataset || run.source !== source) continue;
    const state = await stateOf(objects, id);
    if (state !== undefined && state.state !== "running") ended.add(id);
  }
  await compactLedger(objects, dataset, source, ended);
}
