import { Register, type AskedCompany } from "../../shared/backfill/edgar-register.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import type { PlanDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import type { FilingUnit } from "./units.ts";

/** Which filings are asked for. */
export interface FilingPlanRequest {
  readonly source: string;
  readonly companies: readonly AskedCompany[];
  /** Exactly these: an amendment is a form of its own, `10-K/A`. */
  readonly forms: readonly string[];
  /** Filing days. */
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** With the exhibits that are PDF. */
  readonly exhibits: boolean;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** A plan, and what was asked for and is no company. */
export interface FilingPlan extends Plan<FilingUnit> {
  readonly unknown: readonly FailedUnit[];
}

/** Asks EDGAR for the companies' lists of filings, once a day each, and reads the ledger. */
export async function planFilings(request: FilingPlanRequest, deps: PlanDeps): Promise<FilingPlan> {
  const { source, companies, forms, from, to, exhibits, only, newestFirst } = request;
  const register = new Register({ ...deps, now: () => deps.nowMs }, new AbortController().signal);
  try {
    const { issuerIds, unknown } = await register.resolve(companies);
    const wanted = new Set(forms);
    const units: FilingUnit[] = [];
    for (const issuerId of issuerIds) {
      for (const filing of await register.filings(issuerId, from, to)) {
        const { accession, form, filed, primaryDocument: document } = filing;
        if (!wanted.has(form)) continue;
        units.push({ issuerId, accession, form, document, exhibits, from: filed, to: filed });
      }
    }
    return { ...(await planUnits(dataset, { source, units, only, newestFirst }, deps)), unknown };
  } finally {
    await register.close();
  }
}
