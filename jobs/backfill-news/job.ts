import { endsOf, failureOfUnits } from "../../shared/backfill/ends.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { withLoaderLease } from "../../shared/backfill/loader-lease.ts";
import { receiptsOfUnits } from "../../shared/backfill/receipt.ts";
import { settled } from "../../shared/backfill/through-run.ts";
import type { AdmittedArticles } from "../../shared/text/news/admit-articles.ts";
import { loadNews } from "../../shared/text/news/load-news.ts";
import type { BackfillDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { planNews, type NewsPlanRequest } from "./plan.ts";
import { keyOf, type NewsUnit } from "./units.ts";

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
  const { warehouse, objects, runId, log, now } = deps;
  const plan = await planNews(args, {
    ...deps,
    nowMs: now(),
    warehouse: () => Promise.resolve(warehouse),
  });
  const { all: units, source, held } = plan;
  const bought = await deps.buy(plan, signal);
  const load = async (): Promise<NewsReport> => {
    const receipts = await receiptsOfUnits(objects, dataset.name, source, units.map(keyOf));
    const done = receipts.flat().filter(({ state }) => state === "done");
    const options = { source, runId, nowMs: now() };
    const loaded = await withLoaderLease(
      objects,
      runId,
      () => loadNews(warehouse, objects, done, options),
      signal,
    );
    log.info({ dataset: dataset.name, rows: loaded.articles }, "loaded");
    const { brought, failed, missing } = endsOf(dataset, plan, receipts, runId);
    return {
      source,
      units: units.length,
      held,
      fetched: brought.length,
      loaded,
      rejected: brought.reduce((sum, { about }) => sum + Number(about["rejected"] ?? 0), 0),
      failed,
      missing,
    };
  };
  return settled(bought, load, log);
}

/** What the report means for the process: nothing, a failure, or another try later. */
export function failureOf(report: NewsReport): Error | undefined {
  return failureOfUnits(report, { vendor: "Tavily", what: "companies' news", units: report.units });
}
