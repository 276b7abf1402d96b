import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";
import { earlierDay, laterDay } from "../../shared/market/trading-day.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { pricesThere } from "../../shared/warehouse/prices/prices-there.ts";
import { readingOrder } from "../../shared/warehouse/tables/price-sources.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { PlanDeps } from "../backfill.ts";
import type { EvaluateArgs } from "./args.ts";
import { dataset } from "./dataset.ts";
import { storedFactors } from "./from-warehouse.ts";
import { listNamed, membersOf } from "./lists.ts";
import type { EvaluationUnit } from "./units.ts";

/** What of the evaluations is asked for. */
export interface EvaluationPlanRequest {
  /** Names; all that have values by default. */
  readonly factors?: readonly string[] | undefined;
  readonly evaluate: EvaluateArgs;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** A plan, and under which name each unit's verdict is known to be in the tables. */
export interface EvaluationPlan extends Plan<EvaluationUnit> {
  /** By factor. */
  readonly verdicts: ReadonlyMap<string, string>;
}

/**
 * Reads the ledger and what the warehouse holds, and plans; nothing is touched.
 *
 * @throws InvalidInput for a factor without values
 */
export async function planEvaluations(
  { factors: names, evaluate, only, newestFirst }: EvaluationPlanRequest,
  deps: PlanDeps,
): Promise<EvaluationPlan> {
  const warehouse = await deps.warehouse();
  const stored = await storedFactors(warehouse, names ?? (await namesOf(warehouse)));
  const prices = await pricesOf(warehouse, deps);
  const made = await valuesOf(warehouse);
  // What judges, shows and names a measurement does not change it.
  const { q, trials, universe, groups, ...how } = evaluate;
  const measured = {
    ...how,
    series: undefined,
    html: undefined,
    universe: universe && (await membersOf(universe, warehouse)),
    groups: groups && (groups.of ?? (await listNamed(groups.file, warehouse))),
  };
  const units = stored.map(({ factor, version, from, to }) => {
    const days = {
      from: laterDay(evaluate.from ?? from, from),
      to: earlierDay(evaluate.to ?? to, to),
    };
    const basis = hashOf([factor, version, days, made.get(factor)?.origins, prices, measured]);
    return { factor, version, ...days, basis };
  });
  const rowsEach = Math.max(0, ...stored.map(({ factor }) => made.get(factor)?.rows ?? 0));
  const request = { source: "library", units, rowsEach, only, newestFirst };
  const verdicts = units.map(
    ({ factor, basis }) => [factor, hashOf([basis, q, trials ?? null])] as const,
  );
  return { ...(await planUnits(dataset, request, deps)), verdicts: new Map(verdicts) };
}

async function namesOf(warehouse: Warehouse): Promise<string[]> {
  const rows = await warehouse.rows<{ factor: string }>(
    "SELECT DISTINCT factor FROM factor_values",
  );
  const held = new Set(rows.map(({ factor }) => factor));
  const names = (await loadLibrary()).map(({ name }) => name).filter((name) => held.has(name));
  if (names.length > 0) return names;
  throw new InvalidInput(
    'The warehouse holds no factor values: run "quarry backfill factor_values" or "quarry compute" first.',
  );
}

/** What tells the prices, and the names of securities, from others. */
async function pricesOf(
  warehouse: Warehouse,
  { settings }: Pick<PlanDeps, "settings">,
): Promise<readonly unknown[]> {
  const names = await warehouse.rows<{ tickers: string }>(
    `SELECT toString(groupBitXor(cityHash64(security_id, ticker, from_day, to_day))) AS tickers
     FROM (SELECT DISTINCT security_id, ticker, from_day, to_day FROM tickers FINAL)`,
  );
  const order = await readingOrder(warehouse, settings.get("sources"));
  return [order, await pricesThere(warehouse), names];
}

/** By factor, what its values were made of, the last one last, and how many there are. */
async function valuesOf(
  warehouse: Warehouse,
): Promise<Map<string, { readonly origins: readonly string[]; readonly rows: number }>> {
  const rows = await warehouse.rows<{ origin: string; rows: number }>(
    `SELECT origin, max(rows) AS rows FROM loads WHERE dataset = 'factor_values' AND source = 'library'
     GROUP BY origin ORDER BY max(ingested_at), origin`,
  );
  const byFactor = Map.groupBy(rows, ({ origin }) => origin.split(" ")[0]!);
  return new Map(
    [...byFactor].map(([factor, made]) => [
      factor,
      {
        origins: made.map(({ origin }) => origin),
        rows: made.reduce((sum, one) => sum + one.rows, 0),
      },
    ]),
  );
}

const hashOf = (parts: readonly unknown[]): string => contentHash(JSON.stringify(parts));
