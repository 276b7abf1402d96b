import type { Backfill } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { failureOf, run, type BackfillPricesArgs, type BackfillReport } from "./job.ts";
import { planPrices } from "./plan.ts";
import { argsOfRun, parametersOf } from "./runs.ts";
import type { PriceUnit } from "./units.ts";

/** `quarry backfill prices` */
export const backfill: Backfill<BackfillPricesArgs, PriceUnit, BackfillReport> = {
  dataset,
  sourceOf: ({ source }) => source,
  parametersOf,
  argsOf: argsOfRun,
  inShort: ({ listings, from, to, lossBudget, only }) => ({
    tickers: listings.length,
    from,
    to,
    lossBudget,
    only,
  }),
  plan: planPrices,
  run,
  failureOf,
};
