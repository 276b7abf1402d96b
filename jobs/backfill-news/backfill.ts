import { z } from "zod";
import { readRecord, selectionSchema } from "../../shared/backfill/run-units.ts";
import { topics } from "../../shared/sources/tavily/topics.ts";
import type { Backfill } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { failureOf, run, type NewsReport } from "./job.ts";
import { planNews, type NewsPlanRequest } from "./plan.ts";
import type { NewsUnit } from "./units.ts";

const parametersSchema = z.object({
  tickers: z.array(z.string()),
  days: z.number(),
  topics: z.array(z.enum(topics)),
  ...selectionSchema,
});

/** `quarry backfill news` */
export const backfill: Backfill<NewsPlanRequest, NewsUnit, NewsReport> = {
  dataset,
  sourceOf: ({ source }) => source,
  parametersOf: ({ tickers, days, topics: asked, only, newestFirst }) => ({
    tickers,
    days,
    topics: asked,
    only,
    newestFirst,
  }),
  argsOf: ({ source, parameters }) => ({
    ...readRecord(parameters, parametersSchema, dataset.name),
    source,
  }),
  inShort: ({ tickers, days, topics: asked, only }) => ({
    tickers: tickers.length,
    days,
    topics: asked.join(","),
    only,
  }),
  plan: planNews,
  run,
  failureOf,
};
