import { dayNumber, type TradingDay } from "../../market/trading-day.ts";
import { insertColumns } from "../insert-columns.ts";
import { createStaging, dropStaging, publish } from "../publish.ts";
import type { Warehouse } from "../warehouse.ts";

/** Exposures to one factor: days by assets, row-major, NaN where there is none. */
export interface ExposureTable {
  readonly factor: string;
  readonly version: number;
  readonly days: readonly TradingDay[];
  readonly assets: readonly string[];
  readonly values: Float64Array;
}

/** Rows that are brought in at once. */
const block = 1_000_000;

/**
 * Puts exposures in the place of what the table held of the same universe, factors and days, a factor and year in one step; other days
 * stay.
 */
export async function putExposures(
  warehouse: Warehouse,
  universe: string,
  tables: readonly ExposureTable[],
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): Promise<void> {
  const staging = await createStaging(warehouse, "exposures", runId);
  try {
    for (const table of tables) {
      await fill(warehouse, staging, universe, table, { runId, nowMs });
      const { factor, version, days } = table;
      // What the same partitions hold beside it: they are replaced whole.
      await warehouse.command(
        `INSERT INTO ${staging} SELECT * FROM exposures FINAL
         WHERE universe = {universe:String} AND factor = {factor:String} AND version = {version:UInt16}
           AND toYear(day) BETWEEN toYear({from:Date}) AND toYear({to:Date}) AND NOT (day BETWEEN {from:Date} AND {to:Date})
         SETTINGS max_partitions_per_insert_block = 0`,
        { universe, factor, version, from: days[0]!, to: days.at(-1)! },
      );
    }
  } catch (thrown) {
    await dropStaging(warehouse, "exposures", runId);
    throw thrown;
  }
  await publish(warehouse, "exposures", runId);
}

async function fill(
  warehouse: Warehouse,
  staging: string,
  universe: string,
  { factor, version, days, assets, values }: ExposureTable,
  { runId, nowMs }: { readonly runId: string; readonly nowMs: number },
): Promise<void> {
  const numbers = Uint16Array.from(days, dayNumber);
  const width = assets.length;
  let places: number[] = [];
  const insert = async (): Promise<void> => {
    const same = (name: string, value: string) =>
      ({
        name,
        type: "LowCardinality(String)",
        dictionary: [value],
        codes: new Uint8Array(places.length),
      }) as const;
    await insertColumns(warehouse, staging, [
      same("universe", universe),
      same("factor", factor),
      { name: "version", type: "UInt16", values: new Uint16Array(places.length).fill(version) },
      {
        name: "security_id",
        type: "LowCardinality(String)",
        dictionary: assets,
        codes: Uint32Array.from(places, (at) => at % width),
      },
      {
        name: "day",
        type: "Date",
        values: Uint16Array.from(places, (at) => numbers[Math.floor(at / width)]!),
      },
      {
        name: "exposure",
        type: "Float64",
        values: Float64Array.from(places, (at) => values[at]!),
      },
      same("run_id", runId),
      {
        name: "ingested_at",
        type: "DateTime('UTC')",
        values: new Uint32Array(places.length).fill(Math.floor(nowMs / 1000)),
      },
    ]);
    places = [];
  };
  for (let at = 0; at < values.length; at++) {
    if (!Number.isNaN(values[at]!)) places.push(at);
    if (places.length === block) await insert();
  }
  await insert();
}
