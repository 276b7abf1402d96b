import { z } from "zod";
import {
  optional,
  readRecord,
  recordedDay,
  selectionSchema,
  unitsOfRecord,
} from "../../shared/backfill/run-units.ts";
import type { RunRecord } from "../../shared/backfill/runs.ts";
import { membershipSchema } from "../../shared/market/membership-record.ts";
import type { Membership } from "../../shared/market/universe.ts";
import type { BackfillPricesArgs } from "./job.ts";
import type { PriceUnit } from "./units.ts";

const unitSchema = z.object({
  symbol: z.string(),
  from: recordedDay,
  to: recordedDay,
  ended: optional(recordedDay),
  seen: optional(z.number()),
});

const parametersSchema = z.object({
  listings: z.array(membershipSchema),
  from: recordedDay,
  to: recordedDay,
  lossBudget: z.number(),
  ...selectionSchema,
});

/** A price run's parameters as its record holds them. */
export function parametersOf(args: BackfillPricesArgs): RunRecord["parameters"] {
  const { listings, from, to, lossBudget, only, newestFirst } = args;
  return { listings, from, to, lossBudget, only, newestFirst };
}

type Of = Pick<RunRecord, "source" | "parameters">;

/** The fetch units of a price run. */
export function unitsOfRun(run: RunRecord): PriceUnit[] {
  return unitsOfRecord(run, unitSchema);
}

/** What a price run was asked. */
export function argsOfRun(run: Of): BackfillPricesArgs {
  const { listings, ...rest } = readRecord(run.parameters, parametersSchema, "prices");
  return { ...rest, source: run.source, listings: listings satisfies Membership[] };
}
