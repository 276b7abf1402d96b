import { Failed } from "../../errors.ts";
import type { SecurityId } from "../../market/security.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import { createStaging, dropStaging, publish } from "../publish.ts";
import type { Parameters, Warehouse } from "../warehouse.ts";

/** A factor's values on their way into the table. */
export interface ValueSet {
  readonly factor: string;
  readonly version: number;
  /** Files in ClickHouse's Native format, in the order of years. */
  readonly files: readonly string[];
}

/**
 * How many values came in, by factor.
 *
 * @throws Failed when they are not as many as were computed
 */
async function countValues(
  warehouse: Warehouse,
  staging: string,
  values: number,
): Promise<Map<string, number>> {
  const rows = await warehouse.rows<{ factor: string; count: number }>(
    `SELECT factor, count() AS count FROM ${staging} GROUP BY factor`,
  );
  const came = rows.reduce((sum, { count }) => sum + count, 0);
  if (came !== values) {
    throw new Failed(
      `${values} values were computed, and ${came} came into ${staging}: nothing was changed; run it again.`,
    );
  }
  return new Map(rows.map(({ factor, count }) => [factor, count]));
}

/** The days and securities that values were computed for: what the table holds of them is replaced. */
export interface ComputedArea {
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Undefined for all securities. */
  readonly only?: ReadonlySet<SecurityId> | undefined;
}

/** How the values were made. */
export interface ValueOrigin {
  readonly token: string;
  readonly runId: string;
  readonly nowMs: number;
}

/**
 * Puts computed values into the table in the place of what it held of the same factors, days and securities, a factor and
 * year in one step. What it holds of other days and securities stays.
 *
 * @param values how many there are in all
 * @param structure the columns of the files
 * @returns how many there are of each factor that has any
 */
export async function publishValues(
  warehouse: Warehouse,
  sets: readonly ValueSet[],
  values: number,
  structure: string,
  area: ComputedArea,
  origin: ValueOrigin,
): Promise<Map<string, number>> {
  const staging = await createStaging(warehouse, "factor_values", origin.token);
  let counts: Map<string, number>;
  try {
    counts = await fill(warehouse, staging, sets, values, structure, area, origin);
  } catch (thrown) {
    await dropStaging(warehouse, "factor_values", origin.token);
    throw thrown;
  }
  await publish(warehouse, "factor_values", origin.token);
  for (const set of sets) await removeOlder(warehouse, set, area, origin.runId);
  return counts;
}

/** What was computed, and what the same partitions hold beside it: they are replaced whole. */
async function fill(
  warehouse: Warehouse,
  staging: string,
  sets: readonly ValueSet[],
  values: number,
  structure: string,
  area: ComputedArea,
  { runId, nowMs }: ValueOrigin,
): Promise<Map<string, number>> {
  for (const { factor, version, files } of sets) {
    const ours = { factor, version, runId, now: Math.floor(nowMs / 1000) };
    if (files.length > 0) {
      await warehouse.insertFrom(
        { path: files, format: "Native", structure },
        `INSERT INTO ${staging}
         SELECT {factor:String}, {version:UInt16}, security_id, day, value, {runId:String}, toDateTime({now:UInt32}, 'UTC')
         FROM {file}
         SETTINGS max_insert_threads = 2, optimize_on_insert = 0, max_partitions_per_insert_block = 0`,
        ours,
      );
    }
  }
  const counts = await countValues(warehouse, staging, values);
  for (const { factor, version } of sets) {
    await warehouse.command(
      `INSERT INTO ${staging}
       SELECT * FROM factor_values FINAL
       WHERE factor = {factor:String} AND version = {version:UInt16}
         AND toYear(day) BETWEEN toYear({from:Date}) AND toYear({to:Date})
         AND NOT (${inArea(area)})
       SETTINGS max_partitions_per_insert_block = 0`,
      { factor, version, ...boundsOf(area) },
    );
  }
  return counts;
}

const inArea = ({ only }: ComputedArea): string =>
  `day BETWEEN {from:Date} AND {to:Date} ${only ? "AND security_id IN {only:Array(String)}" : ""}`;

const boundsOf = ({ from, to, only }: ComputedArea): Parameters => ({
  from,
  to,
  ...(only && { only: [...only] }),
});

/** A year that has no values any more left no partition to replace: what an earlier run put there goes. */
async function removeOlder(
  warehouse: Warehouse,
  { factor, version }: ValueSet,
  area: ComputedArea,
  runId: string,
): Promise<void> {
  const older = `factor = {factor:String} AND version = {version:UInt16} AND ${inArea(area)} AND run_id != {runId:String}`;
  const bound = { factor, version, runId, ...boundsOf(area) };
  const rows = await warehouse.rows<{ count: number }>(
    `SELECT count() AS count FROM factor_values WHERE ${older}`,
    bound,
  );
  if (rows[0]?.count === 0) return;
  await warehouse.command(
    `ALTER TABLE factor_values DELETE WHERE ${older} SETTINGS mutations_sync = 2`,
    bound,
  );
}
