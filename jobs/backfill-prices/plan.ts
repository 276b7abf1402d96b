import { knownOf, type KnownReceipt } from "../../shared/backfill/ledger-index.ts";
import {
  childrenOf,
  estimate,
  type Estimate,
  type PartitionState,
} from "../../shared/backfill/estimate.ts";
import { datasets, jobs } from "../../shared/catalogue.ts";
import type { Settings } from "../../shared/env.ts";
import { laterDay, type TradingDay } from "../../shared/market/trading-day.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import type { BackfillPricesArgs } from "./job.ts";
import { isDone, present, unitsOf, type PriceUnit } from "./units.ts";
import { laneName } from "./yahoo-lane.ts";

/** Which units a run takes. */
export type Only = "missing" | "failed" | "stale" | "all";

/** What a run of prices would do. */
export interface PricePlan {
  readonly dataset: "prices";
  readonly source: string;
  /** (ticker, year) by state. */
  readonly partitions: Readonly<Record<PartitionState, number>>;
  /** Why those failed that failed, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly estimate: Estimate;
  /** Units that the request has, and those of them that are done. */
  readonly all: readonly PriceUnit[];
  readonly held: number;
  /** Units that a run would buy. */
  readonly units: readonly PriceUnit[];
}

/** Units that are worth a process of their own. */
export const unitsPerChild = 25;

/** The lane to Yahoo as it is configured. */
export function laneOf(settings: Settings): { name: string; ratePerSecond: number; slots: number } {
  return {
    name: laneName(settings.url("yahooBaseUrl")),
    ratePerSecond: settings.number("yahooRatePerSecond", 0.01, 10_000),
    slots: settings.number("yahooSlots", 1, 1000),
  };
}

/** Reads the ledger and plans; nothing is touched. */
export async function planPrices(
  args: BackfillPricesArgs,
  {
    objects,
    settings,
    nowMs,
    only = "all",
    newestFirst = false,
  }: {
    readonly objects: ObjectStore;
    readonly settings: Settings;
    readonly nowMs: number;
    readonly only?: Only | undefined;
    readonly newestFirst?: boolean | undefined;
  },
): Promise<PricePlan> {
  const all = unitsOf(args, nowMs);
  const keys = all.map(({ symbol }) => symbol);
  const ledger = await knownOf(objects, "prices", args.source, keys);
  const listingOf = present(args.listings);
  const partitions = { missing: 0, failed: 0, stale: 0, done: 0 };
  const reasons: Record<string, number> = {};
  const wanted: PriceUnit[] = [];
  let held = 0;
  for (const [at, unit] of all.entries()) {
    const { told: known, receipts } = ledger[at]!;
    const state = stateOfUnit(unit, known);
    if (state === "done") held++;
    else if (only === "all" || only === state) wanted.push({ ...unit, seen: receipts });
    if (state === "failed") {
      const { reason } = known.at(-1)!;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    const first = laterDay(args.from, listingOf.get(unit.symbol)?.start ?? args.from);
    for (const [yearState, years] of yearsByState(unit, first, known, state)) {
      partitions[yearState] += years;
    }
  }
  if (newestFirst) wanted.sort((a, b) => (a.to < b.to ? 1 : a.to > b.to ? -1 : 0));
  const lane = laneOf(settings);
  return {
    dataset: "prices",
    source: args.source,
    partitions,
    reasons,
    estimate: estimate(
      wanted.length,
      datasets.prices,
      jobs["backfill-prices"],
      lane,
      childrenOf(wanted.length, lane.slots, unitsPerChild),
    ),
    all,
    held,
    units: wanted,
  };
}

function stateOfUnit(unit: PriceUnit, receipts: readonly KnownReceipt[]): PartitionState {
  if (isDone(unit, receipts)) return "done";
  if (receipts.at(-1)?.state === "failed") return "failed";
  return receipts.some(({ state }) => state === "done") ? "stale" : "missing";
}

const yearOf = (day: TradingDay): number => Number(day.slice(0, 4));

/** A unit's years by state: those before the last one that was bought are done whatever its state. */
function yearsByState(
  { from, to }: PriceUnit,
  first: TradingDay,
  receipts: readonly KnownReceipt[],
  state: PartitionState,
): [PartitionState, number][] {
  const years = Math.max(0, yearOf(to) - yearOf(first) + 1);
  if (state === "done") return [["done", years]];
  const through = receipts
    .filter((receipt) => receipt.state === "done" && receipt.from <= from)
    .reduce((last, receipt) => (receipt.to > last ? receipt.to : last), "");
  // The year in which the last bought day lies may have more days now.
  const done =
    through === ""
      ? 0
      : Math.min(years, Math.max(0, yearOf(through as TradingDay) - yearOf(first)));
  return [
    ["done", done],
    [state, years - done],
  ];
}
