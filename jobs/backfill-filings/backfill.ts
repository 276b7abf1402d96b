import { z } from "zod";
import {
  optional,
  readRecord,
  recordedDay,
  selectionSchema,
} from "../../shared/backfill/run-units.ts";
import type { Backfill } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { failureOf, run, type FilingsReport } from "./job.ts";
import { planFilings, type FilingPlanRequest } from "./plan.ts";
import type { FilingUnit } from "./units.ts";

const parametersSchema = z.object({
  companies: z.array(z.object({ name: z.string(), issuer: optional(z.string()) })),
  forms: z.array(z.string()),
  from: recordedDay,
  to: recordedDay,
  exhibits: z.boolean(),
  ...selectionSchema,
});

/** `quarry backfill filings` */
export const backfill: Backfill<FilingPlanRequest, FilingUnit, FilingsReport> = {
  dataset,
  sourceOf: ({ source }) => source,
  parametersOf: ({ companies, forms, from, to, exhibits, only, newestFirst }) => ({
    companies,
    forms,
    from,
    to,
    exhibits,
    only,
    newestFirst,
  }),
  argsOf: ({ source, parameters }) => ({
    ...readRecord(parameters, parametersSchema, dataset.name),
    source,
  }),
  inShort: ({ companies, forms, from, to, only }) => ({
    companies: companies.length,
    forms: forms.join(","),
    from,
    to,
    only,
  }),
  plan: planFilings,
  run,
  failureOf,
};
