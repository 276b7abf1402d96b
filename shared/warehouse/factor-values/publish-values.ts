import { Failed } from "../../errors.ts";
import type { SecurityId } from "../../market/security.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import { createStaging, publish } from "../publish.ts";
import type { Warehouse } from "../warehouse.ts";

/** A factor's values on their way into the table. */
export interface ValueSet {
  readonly factor: string;
  readonly version: number;
  /** Files in ClickHouse's Native format, in the order of years. */
  readonly files: readonly string[];
}

/** @throws Failed when the files did not bring as many values as were computed */
async function checkCount(warehouse: Warehouse, staging: string, values: number): Promise<void> {
  const rows = await warehouse.rows<{ count: number }>(`SELECT count() AS count FROM ${staging}`);
  if (rows[0]?.count === values) return;
  throw new Failed(
    `${values} values were computed, and ${rows[0]?.count ?? 0} came into ${staging}: nothing was changed; run it again.`,
  );
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
 */
export async function publishValues(
  warehouse: Warehouse,
  sets: readonly ValueSet[],
  values: number,
  structure: string,
  area: ComputedArea,
  origin: ValueOrigin,
): Promise<void> {
  const { token, runId, nowMs } = origin;
  const staging = await createStaging(warehouse, "factor_values", token);
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
  await checkCount(warehouse, staging, values);
  for (const { factor, version } of sets) {
    // Partitions are replaced whole: what they hold beside the computed area comes along.
    const only = area.only ? "AND security_id IN {only:Array(String)}" : "";
    await warehouse.command(
      `INSERT INTO ${staging}
       SELECT * FROM factor_values FINAL
       WHERE factor = {factor:String} AND version = {version:UInt16}
         AND toYear(day) BETWEEN toYear({from:Date}) AND toYear({to:Date})
         AND NOT (day BETWEEN {from:Date} AND {to:Date} ${only})
       SETTINGS max_partitions_per_insert_block = 0`,
      { factor, version, from: area.from, to: area.to, ...(area.only && { only: [...area.only] }) },
    );
  }
  await publish(warehouse, "factor_values", token);
}
