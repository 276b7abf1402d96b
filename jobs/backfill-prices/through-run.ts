import { availableParallelism } from "node:os";
import {
  coordinate,
  endRun,
  type Coordinated,
  type CoordinateOptions,
} from "../../shared/backfill/coordinator.ts";
import { childrenOf, dollarsPerVcpuSecond, estimate } from "../../shared/backfill/estimate.ts";
import type { Executor } from "../../shared/backfill/executors/executor.ts";
import { acquireLease, keepLease } from "../../shared/backfill/lease.ts";
import { compactLedger } from "../../shared/backfill/ledger-index.ts";
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
} from "../../shared/backfill/runs.ts";
import { datasets, jobs } from "../../shared/catalogue.ts";
import { systemClock } from "../../shared/clock.ts";
import { Failed, messageOf } from "../../shared/errors.ts";
import { formatCount, minuteMs, secondMs } from "../../shared/units.ts";
import { codeVersion } from "../code-version.ts";
import type { Deps } from "../deps.ts";
import { fetchHere } from "./fetch.ts";
import type { BackfillPricesArgs, Bought } from "./job.ts";
import { laneOf, unitsPerChild } from "./plan.ts";
import { parametersOf } from "./runs.ts";
import { isOver, receiptsOfUnits, type PriceUnit } from "./units.ts";
import { openYahooLane } from "./yahoo-lane.ts";

/** How a run's units are bought. */
export interface RunOptions {
  /** Undefined for processes on this machine. */
  readonly executor: Executor;
  readonly maxDurationMs: number | undefined;
  readonly budgetUsd: number | undefined;
}

/** Local children: more of them than this don't fetch faster, they parse on the same cores. */
const localChildren = Math.max(2, availableParallelism());

/**
 * Buys units as a run that is written down: its record first, then its children, here or elsewhere, then how it ended. What
 * is left when it dies is bought by the next run over the same units.
 */
export async function fetchThroughRun(
  units: readonly PriceUnit[],
  args: BackfillPricesArgs,
  deps: Deps,
  { executor, maxDurationMs, budgetUsd }: RunOptions,
  signal: AbortSignal,
): Promise<Coordinated & Bought> {
  const { objects, settings, runId, log } = deps;
  const lane = laneOf(settings);
  const job = jobs["backfill-prices"];
  const local = executor.name === "local";
  const most = local ? Math.min(localChildren, lane.slots) : lane.slots;
  const children = childrenOf(units.length, most, unitsPerChild);
  const spec = estimate(units.length, datasets.prices, job, lane, children);
  if (!local && budgetUsd !== undefined && spec.dollars.spot > budgetUsd) {
    throw new Failed(
      `The plan takes $${spec.dollars.spot.toFixed(2)} on Spot, the budget is $${budgetUsd}: nothing was ordered; raise it, or ask for less.`,
    );
  }
  await putRun(objects, {
    runId,
    dataset: "prices",
    source: args.source,
    parameters: parametersOf(args),
    codeVersion: codeVersion(),
    createdAt: new Date(deps.now()).toISOString(),
    executor: executor.name,
    children,
    slotsEach: Math.max(1, Math.floor(lane.slots / children)),
    estimate: { ...spec },
    units: units.map((unit) => ({ key: unit.symbol, ...unit })),
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
  const left = async (): Promise<number> => {
    const receipts = await receiptsOfUnits(objects, args.source, units);
    return units.filter((unit, at) => !isOver(unit, receipts[at]!)).length;
  };
  const end = (
    state: "done" | "later" | "failed" | "cancelled",
    reason: string,
    actuals = nothing,
  ) => endRun(objects, run, { state, reason, actuals }, deps.now());
  try {
    const coordinated =
      local && children === 1
        ? await here(units, args, deps, left, signal)
        : await watched(units.length, deps, (watch) =>
            coordinate(
              run,
              {
                objects,
                executor,
                clock: systemClock,
                log,
                order: {
                  command: ["work", runId],
                  vcpus: job.vcpus,
                  memoryMiB: job.memoryMiB,
                  timeoutSeconds: job.timeoutSeconds,
                  tags: { "quarry:run": runId, "quarry:dataset": "prices" },
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
    await compact(objects, args.source, runId);
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
  { objects, now }: Deps,
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
async function here(
  units: readonly PriceUnit[],
  args: BackfillPricesArgs,
  deps: Deps,
  left: () => Promise<number>,
  signal: AbortSignal,
): Promise<Coordinated> {
  const { objects, runId, now } = deps;
  const startedMs = now();
  const lease = await acquireLease(objects, coordinatorKey(runId), runId, leaseMs);
  const letGo = lease && keepLease(lease, leaseMs);
  const { yahoo, lane, slots } = await openYahooLane(deps, `${runId}/0`);
  try {
    const { ends, missing } = await fetchHere(
      units,
      {
        ...deps,
        yahoo,
        lane,
        source: args.source,
        holder: `${runId}/0`,
        concurrency: slots.count,
        enough: AbortSignal.timeout(30 * minuteMs),
      },
      signal,
    );
    const seconds = (now() - startedMs) / secondMs;
    const { requests, ratePerSecond } = lane;
    await putTally(objects, runId, "0", { shard: 0, ...ends, requests, ratePerSecond, seconds });
    return {
      actuals: { requests, vcpuSeconds: seconds, dollars: 0, seconds },
      rounds: 1,
      left: await left(),
      broken: false,
      reason: missing.length > 0 ? "the lane closed" : ends.claimed > 0 ? "others are at them" : "",
    };
  } finally {
    await slots.release();
    await letGo?.();
  }
}

/** Shows how far the children are: done, failed, the rate at the lane, and what it has cost. */
async function watched(
  units: number,
  { progress, now }: Deps,
  work: (watch: CoordinateOptions["watch"]) => Promise<Coordinated>,
): Promise<Coordinated> {
  const task = progress.start("fetch prices", units);
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
    task.note(
      `${formatCount(failed)} failed, ${rate.toFixed(1)} requests/s at ${datasets.prices.lane}${cost}`,
    );
  });
  // A child that was killed took its last second's count with it.
  if (coordinated.left === 0) task.advance(units - shown);
  task.end();
  return coordinated;
}

/** Brings the index of the ledger up to date, this run and all those before it that are over included. */
async function compact(objects: Deps["objects"], source: string, runId: string): Promise<void> {
  const ended = new Set([runId]);
  for (const id of await runIds(objects)) {
    const run = await getRun(objects, id);
    if (run.dataset !== "prices" || run.source !== source) continue;
    const state = await stateOf(objects, id);
    if (state !== undefined && state.state !== "running") ended.add(id);
  }
  await compactLedger(objects, "prices", source, ended);
}
