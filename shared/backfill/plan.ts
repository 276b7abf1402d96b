import { datasets, jobs, type DatasetName, type DatasetSpec } from "../catalogue.ts";
import type { Settings } from "../env.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { Dataset, FetchUnit } from "./dataset.ts";
import {
  childrenOf,
  estimate,
  type AskedTokens,
  type Estimate,
  type PartitionState,
} from "./estimate.ts";
import { knownOf, type KnownReceipt } from "./ledger-index.ts";

/** Which units a run takes. */
export type Only = "missing" | "failed" | "stale" | "all";

/** What a run of a dataset would do. */
export interface Plan<Unit> {
  readonly dataset: DatasetName;
  readonly source: string;
  /** (key, year) by state. */
  readonly partitions: Readonly<Record<PartitionState, number>>;
  /** Why those failed that failed, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly estimate: Estimate;
  /** Units that the request has, and those of them that are done. */
  readonly all: readonly Unit[];
  readonly held: number;
  /** Units that a run would buy. */
  readonly units: readonly Unit[];
}

/** What is to be planned. */
export interface PlanRequest<Unit> {
  readonly source: string;
  readonly units: readonly Unit[];
  /** The first year of a unit that counts; that of its first day by default. */
  readonly firstDay?: (unit: Unit) => TradingDay;
  /** True for a unit that the tables hold although no receipt tells of it. */
  readonly isHeld?: (unit: Unit) => boolean;
  /** Rows that a unit reads, where its cost goes by them. */
  readonly rowsEach?: number;
  /** What some units ask of a language model, where the dataset asks one. */
  readonly tokensOf?: (units: readonly Unit[]) => AskedTokens;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** Reads the ledger and plans; nothing is touched. */
export async function planUnits<Unit extends FetchUnit>(
  dataset: Dataset<Unit>,
  request: PlanRequest<Unit>,
  { objects, settings }: { readonly objects: ObjectStore; readonly settings: Settings },
): Promise<Plan<Unit>> {
  const { source, units: all, only = "all", newestFirst = false } = request;
  const { firstDay = ({ from }: Unit) => from, isHeld = () => false, rowsEach = 0 } = request;
  const keys = all.map((unit) => dataset.keyOf(unit));
  const ledger = await knownOf(objects, dataset.name, source, keys);
  const partitions = { missing: 0, failed: 0, stale: 0, done: 0 };
  const reasons: Record<string, number> = {};
  const wanted: Unit[] = [];
  let held = 0;
  for (const [at, unit] of all.entries()) {
    const { told: known, receipts } = ledger[at]!;
    const state = isHeld(unit) ? "done" : stateOf(dataset, unit, known);
    if (state === "done") held++;
    else if (only === "all" || only === state) wanted.push({ ...unit, seen: receipts });
    if (state === "failed") {
      const { reason } = known.at(-1)!;
      reasons[reason] = (reasons[reason] ?? 0) + 1;
    }
    for (const [yearState, years] of yearsByState(unit, firstDay(unit), known, state)) {
      partitions[yearState] += years;
    }
  }
  if (newestFirst) wanted.sort((a, b) => (a.to < b.to ? 1 : a.to > b.to ? -1 : 0));
  const spec: DatasetSpec = datasets[dataset.name];
  const lane = dataset.lane(settings, source);
  return {
    dataset: dataset.name,
    source,
    partitions,
    reasons,
    estimate: estimate(
      wanted.length,
      spec,
      jobs[spec.job],
      lane,
      childrenOf(wanted.length, spec, jobs[spec.job], lane, rowsEach),
      rowsEach,
      request.tokensOf?.(wanted),
    ),
    all,
    held,
    units: wanted,
  };
}

function stateOf<Unit extends FetchUnit>(
  dataset: Dataset<Unit>,
  unit: Unit,
  known: readonly KnownReceipt[],
): PartitionState {
  if (dataset.isDone(unit, known)) return "done";
  if (known.at(-1)?.state === "failed") return "failed";
  return known.some(({ state }) => state === "done") ? "stale" : "missing";
}

const yearOf = (day: TradingDay): number => Number(day.slice(0, 4));

/** A unit's years by state: those before the last one that was bought on the same basis are done whatever its state. */
function yearsByState(
  { from, to, basis = "" }: FetchUnit & { readonly basis?: string },
  first: TradingDay,
  known: readonly KnownReceipt[],
  state: PartitionState,
): [PartitionState, number][] {
  const years = Math.max(0, yearOf(to) - yearOf(first) + 1);
  if (state === "done") return [["done", years]];
  const through = known
    .filter((one) => one.state === "done" && one.from <= from && one.basis === basis)
    .reduce((last, one) => (one.to > last ? one.to : last), "");
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
