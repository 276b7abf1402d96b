import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";

/** One factor at one horizon, tried once: repeating it is the same trial. */
export interface TrialRow {
  readonly trialId: string;
  readonly factor: string;
  /** Version of a library factor, hash of the values of an own signal. */
  readonly version: string;
  readonly universe: string;
  readonly from: string;
  readonly to: string;
  readonly horizon: number;
  readonly delay: number;
  /** All else that tells trials apart, JSON. */
  readonly parameters: string;
  readonly icMean: number | null;
  readonly tHac: number | null;
  readonly pHac: number | null;
  /** Sharpe ratio of the traded portfolio, per day, before cost. */
  readonly sharpe: number | null;
}

/** All trials ever recorded. */
export async function allTrials(
  warehouse: Warehouse,
): Promise<Pick<TrialRow, "trialId" | "horizon" | "pHac" | "sharpe">[]> {
  return warehouse.rows(
    `SELECT trial_id AS trialId, horizon, p_hac AS pHac, sharpe FROM trials FINAL ORDER BY trial_id`,
  );
}

/** Records trials; those that are there already are left as they were. */
export async function addTrials(
  warehouse: Warehouse,
  trials: readonly TrialRow[],
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): Promise<number> {
  const held = new Set((await allTrials(warehouse)).map(({ trialId }) => trialId));
  const fresh = trials.filter(({ trialId }) => !held.has(trialId));
  const text = (name: string, pick: (trial: TrialRow) => string) =>
    ({ name, type: "String", text: fresh.map(pick) }) as const;
  const statistic = (name: string, pick: (trial: TrialRow) => number | null) => ({
    name,
    type: "Nullable(Float64)",
    values: Float64Array.from(fresh, (trial) => pick(trial) ?? NaN),
  });
  const days = (pick: (trial: TrialRow) => string): Uint16Array =>
    Uint16Array.from(fresh, (trial) => Date.parse(`${pick(trial)}T00:00:00Z`) / 86_400_000);
  await insertColumns(warehouse, "trials", [
    text("trial_id", ({ trialId }) => trialId),
    text("factor", ({ factor }) => factor),
    text("version", ({ version }) => version),
    text("universe", ({ universe }) => universe),
    { name: "from_day", type: "Date", values: days(({ from }) => from) },
    { name: "to_day", type: "Date", values: days(({ to }) => to) },
    { name: "horizon", type: "UInt16", values: Uint16Array.from(fresh, ({ horizon }) => horizon) },
    { name: "delay", type: "UInt16", values: Uint16Array.from(fresh, ({ delay }) => delay) },
    text("parameters", ({ parameters }) => parameters),
    statistic("ic_mean", ({ icMean }) => icMean),
    statistic("t_hac", ({ tHac }) => tHac),
    statistic("p_hac", ({ pHac }) => pHac),
    statistic("sharpe", ({ sharpe }) => sharpe),
    text("run_id", () => runId),
    {
      name: "ingested_at",
      type: "DateTime('UTC')",
      values: new Uint32Array(fresh.length).fill(Math.floor(nowMs / 1000)),
    },
  ]);
  return fresh.length;
}
