import type { DatasetSpec, JobSpec, LaneSpec, UnitCost } from "../catalogue.ts";
import prices from "./price-table.json" with { type: "json" };

/** Where a partition stands. `stale`: it was bought, and something that is due now was not there then. */
export type PartitionState = "missing" | "failed" | "stale" | "done";

/** What a run would do, and what it would take. */
export interface Estimate {
  readonly units: number;
  readonly requests: number;
  readonly lane: {
    readonly name: string;
    readonly rate_per_second: number;
    /** What the rate counts. */
    readonly unit: "requests" | "tokens";
    readonly seconds: number;
  } | null;
  readonly children: number;
  /** Seconds from start to end, the lane's wait included. */
  readonly seconds: number;
  readonly vcpu_hours: number;
  readonly nat_gb: number;
  readonly tokens: { readonly in: number; readonly out: number };
  /** By capacity, tokens included. On this machine tokens alone cost something. */
  readonly dollars: {
    readonly spot: number;
    readonly on_demand: number;
    /** Null where nobody knows the model's price: then nothing else includes them. */
    readonly tokens: number | null;
    readonly prices_as_of: string;
  };
}

/** What units ask of a language model, where a plan knows it: at the most. */
export interface AskedTokens {
  readonly requests: number;
  readonly in: number;
  readonly out: number;
  /** Dollars for a million tokens; undefined where nobody knows. */
  readonly price: { readonly input: number; readonly output: number } | undefined;
}

/** Fetch units of a lane that are worth a process of their own. */
const unitsPerChild = 25;

/** How long a child that asks no vendor is to take. */
const childSeconds = 240;

/**
 * How many children a run of so many units has: a lane-bound one no more than the lane has slots, another so many that each
 * has some minutes of work.
 *
 * @param rowsEach rows that a unit reads
 */
export function childrenOf(
  units: number,
  { cost }: DatasetSpec,
  job: JobSpec,
  lane: LaneSpec | undefined,
  rowsEach = 0,
): number {
  const seconds = (units * secondsOf(cost, rowsEach)) / job.vcpus;
  const most = lane ? Math.min(lane.slots, Math.ceil(units / unitsPerChild)) : units;
  return Math.max(1, lane ? most : Math.min(most, Math.ceil(seconds / childSeconds)));
}

/** Seconds of one core that a unit takes. */
function secondsOf(cost: UnitCost, rowsEach: number): number {
  return cost.cpuSeconds + (cost.cpuSecondsPerMillionRows ?? 0) * (rowsEach / 1e6);
}

/** Objects that a fetch unit leaves: claim, capture, two column files, receipt. */
const putsPerUnit = 5;

/**
 * Estimates a run.
 *
 * @param lane the budget that is in force, where the dataset has one
 * @param children that work at once
 * @param rowsEach rows that a unit reads
 * @param asked of a language model by all of them; none by default
 */
export function estimate(
  units: number,
  dataset: DatasetSpec,
  job: JobSpec,
  lane: (LaneSpec & { readonly name: string }) | undefined,
  children: number,
  rowsEach = 0,
  asked?: AskedTokens,
): Estimate {
  const { cost } = dataset;
  const requests = asked?.requests ?? units * cost.requests;
  const tokens = {
    in: asked?.in ?? units * cost.tokensIn,
    out: asked?.out ?? units * cost.tokensOut,
  };
  const counted = lane?.unit === "tokens" ? tokens.in + tokens.out : requests;
  const laneSeconds = lane ? counted / lane.ratePerSecond : 0;
  const seconds = Math.max(
    laneSeconds,
    (units * secondsOf(cost, rowsEach)) / (children * job.vcpus),
  );
  const vcpuHours = (children * job.vcpus * seconds) / 3600;
  const gibHours = (vcpuHours * job.memoryMiB) / 1024 / job.vcpus;
  const natGb = (units * cost.bytes) / 1e9;
  const tokenDollars =
    tokens.in + tokens.out === 0
      ? 0
      : asked?.price === undefined
        ? null
        : (tokens.in * asked.price.input + tokens.out * asked.price.output) / 1e6;
  const rest =
    natGb * prices.natGb +
    ((units * putsPerUnit) / 1000) * prices.thousandPuts +
    (tokenDollars ?? 0);
  const dollars = (capacity: "spot" | "onDemand"): number =>
    vcpuHours * prices.vcpuHour[capacity] + gibHours * prices.gibHour[capacity] + rest;
  return {
    units,
    requests,
    lane: lane
      ? {
          name: lane.name,
          rate_per_second: lane.ratePerSecond,
          unit: lane.unit ?? "requests",
          seconds: laneSeconds,
        }
      : null,
    children,
    seconds,
    vcpu_hours: vcpuHours,
    nat_gb: natGb,
    tokens,
    dollars: {
      spot: dollars("spot"),
      on_demand: dollars("onDemand"),
      tokens: tokenDollars,
      prices_as_of: prices.asOf,
    },
  };
}

/** Dollars of a second of one vCPU with its memory. */
export function dollarsPerVcpuSecond(job: JobSpec, capacity: "spot" | "onDemand"): number {
  const gib = job.memoryMiB / 1024 / job.vcpus;
  return (prices.vcpuHour[capacity] + gib * prices.gibHour[capacity]) / 3600;
}
