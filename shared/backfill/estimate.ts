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
    readonly seconds: number;
  } | null;
  readonly children: number;
  /** Seconds from start to end, the lane's wait included. */
  readonly seconds: number;
  readonly vcpu_hours: number;
  readonly nat_gb: number;
  readonly tokens: { readonly in: number; readonly out: number };
  /** By capacity; 0 on this machine. */
  readonly dollars: {
    readonly spot: number;
    readonly on_demand: number;
    readonly prices_as_of: string;
  };
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
 */
export function estimate(
  units: number,
  dataset: DatasetSpec,
  job: JobSpec,
  lane: (LaneSpec & { readonly name: string }) | undefined,
  children: number,
  rowsEach = 0,
): Estimate {
  const { cost } = dataset;
  const requests = units * cost.requests;
  const laneSeconds = lane ? requests / lane.ratePerSecond : 0;
  const seconds = Math.max(
    laneSeconds,
    (units * secondsOf(cost, rowsEach)) / (children * job.vcpus),
  );
  const vcpuHours = (children * job.vcpus * seconds) / 3600;
  const gibHours = (vcpuHours * job.memoryMiB) / 1024 / job.vcpus;
  const natGb = (units * cost.bytes) / 1e9;
  const tokens = { in: units * cost.tokensIn, out: units * cost.tokensOut };
  const rest =
    natGb * prices.natGb +
    ((units * putsPerUnit) / 1000) * prices.thousandPuts +
    (tokens.in / 1e6) * prices.millionTokensIn +
    (tokens.out / 1e6) * prices.millionTokensOut;
  const dollars = (capacity: "spot" | "onDemand"): number =>
    vcpuHours * prices.vcpuHour[capacity] + gibHours * prices.gibHour[capacity] + rest;
  return {
    units,
    requests,
    lane: lane
      ? { name: lane.name, rate_per_second: lane.ratePerSecond, seconds: laneSeconds }
      : null,
    children,
    seconds,
    vcpu_hours: vcpuHours,
    nat_gb: natGb,
    tokens,
    dollars: {
      spot: dollars("spot"),
      on_demand: dollars("onDemand"),
      prices_as_of: prices.asOf,
    },
  };
}

/** Dollars of a second of one vCPU with its memory. */
export function dollarsPerVcpuSecond(job: JobSpec, capacity: "spot" | "onDemand"): number {
  const gib = job.memoryMiB / 1024 / job.vcpus;
  return (prices.vcpuHour[capacity] + gib * prices.gibHour[capacity]) / 3600;
}
