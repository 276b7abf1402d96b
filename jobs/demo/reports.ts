import { buyAlone } from "../../shared/backfill/buy-here.ts";
import { readSettings } from "../../shared/env.ts";
import { edgarLimit, startEdgar } from "../../shared/simulator/edgar/server.ts";
import type { Market } from "../../shared/simulator/market.ts";
import { dataset } from "../backfill-facts/dataset.ts";
import { failureOf, run, type FactsReport } from "../backfill-facts/job.ts";
import type { FactPlanRequest } from "../backfill-facts/plan.ts";
import type { Deps } from "../deps.ts";

/** What all companies reported, from the zips that EDGAR makes of it every night. */
export async function backfillReports(
  market: Market,
  deps: Deps,
  signal: AbortSignal,
): Promise<FactsReport> {
  await using edgar = await startEdgar(market, { limit: edgarLimit });
  const home = deps.settings.text("home");
  const settings = readSettings({
    home,
    edgarBaseUrl: edgar.url,
    edgarContact: "Quarry demo demo@example.com",
  });
  const ours = { ...deps, settings };
  const args: FactPlanRequest = {
    source: market.source,
    companies: undefined,
    since: undefined,
    bulk: undefined,
    submissions: undefined,
  };
  const report = await run(
    args,
    {
      ...ours,
      buy: (plan, stop) => buyAlone(dataset, plan, ours, stop),
    },
    signal,
  );
  const failed = failureOf(report);
  if (failed) throw failed;
  return report;
}
