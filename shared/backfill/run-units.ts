import { z } from "zod";
import { MalformedRecord } from "../errors.ts";
import type { RunRecord } from "./runs.ts";

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
