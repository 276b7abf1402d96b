import { z } from "zod";
import {
  optional,
  readRecord,
  recordedDay,
  selectionSchema,
} from "../../shared/backfill/run-units.ts";
import type { Backfill } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { failureOf, run, type FactsReport } from "./job.ts";
import { planFacts, type FactPlanRequest } from "./plan.ts";
import type { FactUnit } from "./units.ts";

const parametersSchema = z.object({
  companies: optional(z.array(z.object({ name: z.string(), issuer: optional(z.string()) }))),
  since: optional(recordedDay),
  bulk: optional(z.string()),
  submissions: optional(z.string()),
  ...selectionSchema,
});

/** `quarry backfill facts` */
export const backfill: Backfill<FactPlanRequest, FactUnit, FactsReport> = {
  dataset,
  sourceOf: ({ source }) => source,
  parametersOf: ({ companies, since, bulk, submissions, only, newestFirst }) => ({
    companies,
    since,
    bulk,
    submissions,
    only,
    newestFirst,
  }),
  argsOf: ({ source, parameters }) => ({
    ...readRecord(parameters, parametersSchema, dataset.name),
    source,
  }),
  inShort: ({ companies, since, bulk, only }) => ({
    companies: companies?.length ?? "all",
    since,
    bulk,
    only,
  }),
  plan: planFacts,
  run,
  failureOf,
};
