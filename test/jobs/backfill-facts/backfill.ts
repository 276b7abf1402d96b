import { dataset } from "../../../jobs/backfill-facts/dataset.ts";
import { run, type FactsReport } from "../../../jobs/backfill-facts/job.ts";
import type { FactPlanRequest } from "../../../jobs/backfill-facts/plan.ts";
import { buyHere } from "../../../shared/backfill/buy-here.ts";
import type { Warehouse } from "../../../shared/warehouse/warehouse.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";

/** What is asked, of whom, and when. */
export interface FactsRequest extends Partial<FactPlanRequest> {
  /** Where EDGAR is. */
  readonly url: string;
  readonly nowMs: number;
  readonly rate?: number;
}

/** Runs the job of `quarry backfill facts` in this process. */
export async function backfillFacts(
  warehouse: Warehouse,
  { url, nowMs, rate = 5000, ...asked }: FactsRequest,
): Promise<FactsReport> {
  const args: FactPlanRequest = {
    source: "edgar",
    companies: undefined,
    since: undefined,
    bulk: undefined,
    submissions: undefined,
    ...asked,
  };
  const deps = jobDeps(warehouse, nowMs, {
    EDGAR_BASE_URL: url,
    EDGAR_CONTACT: "Test test@example.com",
    EDGAR_RATE: String(rate),
  });
  return run(
    args,
    {
      ...deps,
      async buy({ source, units }, stop) {
        const { bulk } = args;
        const of = { runId: deps.runId, source, parameters: bulk === undefined ? {} : { bulk } };
        const open = await dataset.open(of, deps, deps.runId);
        try {
          return await buyHere(units, open, deps, stop);
        } finally {
          await open.close();
        }
      },
    },
    noSignal,
  );
}
