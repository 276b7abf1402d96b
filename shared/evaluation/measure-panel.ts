import { deserialize, serialize } from "node:v8";
import { z } from "zod";
import { getColumnFile, putColumnFile } from "../backfill/column-files.ts";
import { InvalidInput, MalformedRecord } from "../errors.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { contentHash } from "../objects/file-store.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { numbers } from "../warehouse/native/column.ts";
import { readNative } from "../warehouse/native/reader.ts";
import type { Measurement, MeasureSetup, MeasureTask } from "./measure.ts";
import type { Note } from "./result.ts";
import type { DayTable, Groups } from "./tables.ts";

// What a measurement reads, in the object store: tables as column files, all else as JSON beside them; and what it found.

const version = 2;
const panels = "panels";

const tableSchema = z.object({
  days: z.array(z.string().transform((text) => text as TradingDay)),
  /** Column file of the values, row-major. */
  values: z.string(),
});

/** JSON has no NaN. */
const double = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);

const setupSchema = z.object({
  version: z.number(),
  assets: z.array(z.string()),
  prices: tableSchema,
  /** `of` is a column file. */
  groups: z.object({ of: z.string(), names: z.array(z.string()) }).nullable(),
  horizons: z.array(z.number()),
  delay: z.number(),
  endings: z.object({ lastRow: z.array(z.number()), delistingReturn: z.array(double) }).nullable(),
  delistingReturn: z.number().nullable(),
  quantiles: z.number(),
  costBps: z.number(),
});

const taskSchema = z.object({
  version: z.number(),
  /** Key of the setup. */
  setup: z.string(),
  factor: z.string(),
  direction: z.union([z.literal(1), z.literal(-1)]).nullable(),
  table: tableSchema,
  neutralized: z.object({ by: z.array(z.string()), factor: tableSchema }).nullable(),
  notes: z.array(z.object({ path: z.string(), reason: z.string() })),
});

/** What is to be measured, where what it has in common with others stands, and what was filtered out before. */
export interface StoredTask {
  readonly setup: string;
  readonly task: MeasureTask;
  readonly notes: readonly Note[];
}

async function putJson(objects: ObjectStore, key: string, value: object): Promise<void> {
  await objects.putIfAbsent(key, Buffer.from(`${JSON.stringify({ version, ...value })}\n`));
}

async function getJson<Value extends { version: number }>(
  objects: ObjectStore,
  key: string,
  schema: z.ZodType<Value>,
): Promise<Value> {
  const bytes = await objects.get(key);
  const parsed = schema.safeParse(bytes && JSON.parse(bytes.toString("utf8")));
  if (!parsed.success) {
    throw new MalformedRecord(`${key}: ${objects.location} holds no such panel.`);
  }
  if (parsed.data.version > version) {
    throw new InvalidInput(
      `${key} was written by a newer version of Quarry (format ${parsed.data.version}, this one reads ${version}): update this one.`,
    );
  }
  return parsed.data;
}

async function putTable(
  objects: ObjectStore,
  { days, values }: DayTable,
): Promise<z.input<typeof tableSchema>> {
  const columns = [{ name: "value", type: "Float64", values }] as const;
  const { hash } = await putColumnFile(objects, panels, "day_table", columns);
  return { days: [...days], values: hash };
}

async function getTable(
  objects: ObjectStore,
  { days, values: hash }: z.output<typeof tableSchema>,
  assets: readonly string[],
): Promise<DayTable> {
  let values = new Float64Array();
  for await (const block of readNative([await getColumnFile(objects, panels, hash)])) {
    values = numbers(block, "value") as Float64Array<ArrayBuffer>;
  }
  return { days, assets, values };
}

async function putGroups(
  objects: ObjectStore,
  { of, names }: Groups,
): Promise<{ of: string; names: string[] }> {
  const columns = [{ name: "code", type: "Int32", values: of }] as const;
  const { hash } = await putColumnFile(objects, panels, "groups", columns);
  return { of: hash, names: [...names] };
}

async function getGroups(
  objects: ObjectStore,
  { of: hash, names }: { of: string; names: string[] },
): Promise<Groups> {
  let of: Int32Array = new Int32Array();
  for await (const block of readNative([await getColumnFile(objects, panels, hash)])) {
    of = numbers(block, "code") as Int32Array;
  }
  return { of, names };
}

/** Leaves what factors of one evaluation have in common. @returns its key */
export async function putSetup(objects: ObjectStore, setup: MeasureSetup): Promise<string> {
  const { prices, groups, returns, quantiles, costBps } = setup;
  const { horizons, delay, endings, delistingReturn } = returns;
  const stored: Omit<z.input<typeof setupSchema>, "version"> = {
    assets: [...prices.assets],
    prices: await putTable(objects, prices),
    groups: groups ? await putGroups(objects, groups) : null,
    horizons: [...horizons],
    delay,
    endings: endings
      ? { lastRow: [...endings.lastRow], delistingReturn: [...endings.delistingReturn] }
      : null,
    delistingReturn: delistingReturn ?? null,
    quantiles,
    costBps,
  };
  const key = `${panels}/setups/${contentHash(JSON.stringify(stored))}.json`;
  await putJson(objects, key, stored);
  return key;
}

/**
 * @throws MalformedRecord when the store does not hold it
 * @throws InvalidInput when a newer version wrote it
 */
export async function getSetup(objects: ObjectStore, key: string): Promise<MeasureSetup> {
  const stored = await getJson(objects, key, setupSchema);
  const { assets, groups, endings, horizons, delay, delistingReturn, quantiles, costBps } = stored;
  return {
    prices: await getTable(objects, stored.prices, assets),
    groups: groups ? await getGroups(objects, groups) : undefined,
    returns: {
      horizons,
      delay,
      endings: endings
        ? {
            lastRow: Int32Array.from(endings.lastRow),
            delistingReturn: Float64Array.from(endings.delistingReturn),
          }
        : undefined,
      delistingReturn: delistingReturn ?? undefined,
      keepOrders: true,
    },
    otherDelay: undefined,
    quantiles,
    costBps,
  };
}

/** Leaves what is to be measured of a factor. */
export async function putTask(
  objects: ObjectStore,
  key: string,
  { setup, task, notes }: StoredTask,
): Promise<void> {
  const { table, factor, direction, neutralized } = task;
  const stored: Omit<z.input<typeof taskSchema>, "version"> = {
    setup,
    factor,
    direction: direction ?? null,
    table: await putTable(objects, table),
    neutralized: neutralized
      ? { by: [...neutralized.by], factor: await putTable(objects, neutralized.factor) }
      : null,
    notes: [...notes],
  };
  await putJson(objects, key, stored);
}

/**
 * @param assetsOf the columns of a setup's tables
 * @throws MalformedRecord when the store does not hold it
 * @throws InvalidInput when a newer version wrote it
 */
export async function getTask(
  objects: ObjectStore,
  key: string,
  assetsOf: (setup: string) => Promise<readonly string[]>,
): Promise<StoredTask> {
  const stored = await getJson(objects, key, taskSchema);
  const { setup, factor, direction, neutralized, notes } = stored;
  const assets = await assetsOf(setup);
  return {
    setup,
    task: {
      table: await getTable(objects, stored.table, assets),
      factor,
      direction: direction ?? undefined,
      neutralized: neutralized
        ? { by: neutralized.by, factor: await getTable(objects, neutralized.factor, assets) }
        : undefined,
    },
    notes,
  };
}

/** What was found, with what was filtered out before. */
export interface StoredMeasurement extends Pick<Measurement, "evaluated"> {
  readonly notes: readonly Note[];
}

const measurementKey = (hash: string): string => `measurements/${hash.slice(0, 2)}/${hash}.v8`;

/** Leaves a measurement: nested typed arrays, as threads exchange them. @returns its content hash */
export async function putMeasurement(
  objects: ObjectStore,
  measurement: StoredMeasurement,
): Promise<string> {
  const bytes = serialize(measurement);
  const hash = contentHash(bytes);
  await objects.putIfAbsent(measurementKey(hash), bytes);
  return hash;
}

/** @throws MalformedRecord when the store does not hold it */
export async function getMeasurement(
  objects: ObjectStore,
  hash: string,
): Promise<StoredMeasurement> {
  const bytes = await objects.get(measurementKey(hash));
  if (bytes !== undefined) return deserialize(bytes) as StoredMeasurement;
  throw new MalformedRecord(`${objects.location} does not hold the measurement ${hash}.`);
}
