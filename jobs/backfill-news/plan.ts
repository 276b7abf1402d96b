import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import { addDays } from "../../shared/market/trading-day.ts";
import { comparable } from "../../shared/market/universe.ts";
import type { TavilyTopic } from "../../shared/sources/tavily/topics.ts";
import { tickerNames } from "../../shared/warehouse/tables/issuers.ts";
import type { PlanDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import type { NewsUnit } from "./units.ts";

/** Which news are asked for. */
export interface NewsPlanRequest {
  readonly source: string;
  readonly tickers: readonly string[];
  /** Of the past; older news are not asked for: who looks today for yesterday finds what was written since. */
  readonly days: number;
  readonly topics: readonly TavilyTopic[];
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** The companies' names; none where there is no warehouse yet: news may be the first that comes. */
async function namesIn(deps: PlanDeps): Promise<ReadonlyMap<string, string>> {
  try {
    return await tickerNames(await deps.warehouse());
  } catch (thrown) {
    if (thrown instanceof InvalidInput) return new Map();
    throw thrown;
  }
}

/** Reads the ledger, and the companies' names where the warehouse knows them. */
export async function planNews(request: NewsPlanRequest, deps: PlanDeps): Promise<Plan<NewsUnit>> {
  const { source, tickers, days, topics, only, newestFirst } = request;
  const to = newYorkDay(deps.nowMs);
  const from = addDays(to, -days);
  const names = await namesIn(deps);
  const units = [...new Set(tickers)].flatMap((ticker) =>
    topics.map((topic): NewsUnit => ({
      ticker,
      name: names.get(comparable(ticker)),
      topic,
      from,
      to,
    })),
  );
  return planUnits(dataset, { source, units, only, newestFirst }, deps);
}
