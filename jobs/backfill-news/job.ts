import { buyAndLoad } from "../../shared/backfill/buy-and-load.ts";
import { failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import type { AdmittedArticles } from "../../shared/text/news/admit-articles.ts";
import { loadNews } from "../../shared/text/news/load-news.ts";
import type { BackfillDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { planNews, type NewsPlanRequest } from "./plan.ts";
import type { NewsUnit } from "./units.ts";

export interface NewsReport {
  readonly source: string;
  readonly units: number;
  readonly held: number;
  readonly fetched: number;
  readonly loaded: AdmittedArticles;
  /** Results that were no articles. */
  readonly rejected: number;
  readonly failed: readonly FailedUnit[];
  readonly missing: readonly string[];
}

/** Brings news into the object store, and articles, stories and links into the warehouse. */
export async function run(
  args: NewsPlanRequest,
  deps: BackfillDeps<NewsUnit>,
  signal: AbortSignal,
): Promise<NewsReport> {
  const { warehouse, objects, now } = deps;
  const plan = await planNews(args, {
    ...deps,
    nowMs: now(),
    warehouse: () => Promise.resolve(warehouse),
  });
  const { loaded, brought, failed, missing } = await buyAndLoad(
    dataset,
    plan,
    deps,
    (done, options) => loadNews(warehouse, objects, done, options),
    signal,
  );
  return {
    source: plan.source,
    units: plan.all.length,
    held: plan.held,
    fetched: brought.length,
    loaded,
    rejected: brought.reduce((sum, { about }) => sum + Number(about["rejected"] ?? 0), 0),
    failed,
    missing,
  };
}

/** What the report means for the process: nothing, a failure, or another try later. */
export function failureOf(report: NewsReport): Error | undefined {
  return failureOfUnits(report, { vendor: "Tavily", what: "companies' news", units: report.units });
}
