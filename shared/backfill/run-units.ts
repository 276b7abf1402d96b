import { z } from "zod";
import { MalformedRecord } from "../errors.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { RunRecord } from "./runs.ts";

/** A part of a record that may be left out. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/** A day as a record holds it. */
export const recordedDay = z.string().transform((text) => text as TradingDay);

/** Which units a run takes, and in which order, as a record holds it. */
export const selectionSchema = {
  only: optional(z.enum(["missing", "failed", "stale", "all"])),
  newestFirst: optional(z.boolean()),
};

/**
 * The units of a run's record, as its dataset wrote them.
 *
 * @throws MalformedRecord when they are those of something else
 */
export function unitsOfRecord<Unit>(run: RunRecord, schema: z.ZodType<Unit>): Unit[] {
  return readRecord(run.units, z.array(schema), run.dataset);
}

/**
 * What a dataset wrote into a run's record.
 *
 * @throws MalformedRecord when it is something else
 */
export function readRecord<Value>(
  value: unknown,
  schema: z.ZodType<Value>,
  dataset: string,
): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MalformedRecord(
    `This is no run of ${dataset}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
}
