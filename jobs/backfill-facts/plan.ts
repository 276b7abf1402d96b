import { createHash } from "node:crypto";
import { getColumnFile } from "../../shared/backfill/column-files.ts";
import { edgarLaneOf } from "../../shared/backfill/edgar-lane.ts";
import { estimate } from "../../shared/backfill/estimate.ts";
import type { FailedUnit } from "../../shared/backfill/failed-unit.ts";
import { planUnits, type Only, type Plan } from "../../shared/backfill/plan.ts";
import { receiptsOf } from "../../shared/backfill/receipt.ts";
import { datasets, jobs, type UnitCost } from "../../shared/catalogue.ts";
import { InvalidInput } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import { addDays, type TradingDay } from "../../shared/market/trading-day.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { fileSource } from "../../shared/sources/edgar/byte-source.ts";
import { readNative } from "../../shared/warehouse/native/reader.ts";
import type { PlanDeps } from "../backfill.ts";
import { dataset } from "./dataset.ts";
import { Register, type AskedCompany } from "../../shared/backfill/edgar-register.ts";
import { firstFactsDay, isDone, type BulkUnit, type CompanyUnit, type FactUnit } from "./units.ts";

/** What of the facts is asked for. */
export interface FactPlanRequest {
  readonly source: string;
  /** Companies; undefined for all there are. */
  readonly companies: readonly AskedCompany[] | undefined;
  /** Only those that filed on this day or later, by the daily indexes. */
  readonly since: TradingDay | undefined;
  /** A zip of this machine in the place of the server's. */
  readonly bulk: string | undefined;
  readonly submissions: string | undefined;
  readonly only?: Only | undefined;
  readonly newestFirst?: boolean | undefined;
}

/** A plan, and what was asked for and is no company. */
export interface FactPlan extends Plan<FactUnit> {
  readonly unknown: readonly FailedUnit[];
}

const zips = {
  companyFacts: "/Archives/edgar/daily-index/xbrl/companyfacts.zip",
  submissions: "/Archives/edgar/daily-index/bulkdata/submissions.zip",
};

/**
 * Reads the ledger and plans. Of EDGAR it asks what it must to know the companies: the list of tickers once a day, and the
 * daily indexes with `since`, each once.
 *
 * @throws InvalidInput without a contact address, where EDGAR is asked
 */
export async function planFacts(request: FactPlanRequest, deps: PlanDeps): Promise<FactPlan> {
  const { source, companies, since, bulk, submissions, only, newestFirst } = request;
  const to = addDays(newYorkDay(deps.nowMs), -1);
  if (since !== undefined && since > to) {
    throw new InvalidInput(
      `--since ${since}: expected a day up to ${to}, the last one that is over.`,
    );
  }
  const wanted = (units: readonly FactUnit[], isHeld: (unit: FactUnit) => boolean) =>
    planUnits(dataset, { source, units, isHeld, only, newestFirst }, deps);
  const zip = async (): Promise<FactPlan> => {
    const unit: BulkUnit = {
      kind: "bulk",
      companyFacts: bulk ?? zips.companyFacts,
      submissions: bulk === undefined ? zips.submissions : submissions,
      basis: bulk === undefined ? "" : await identityOf(bulk, submissions),
      from: firstFactsDay,
      to,
    };
    const told = await receiptsOf(deps.objects, dataset.name, source, "bulk");
    const plan = await wanted([unit], (one) => isDone(one, told));
    const cost = await zipCost(bulk, submissions);
    const of = [
      { ...datasets.facts, cost },
      jobs["backfill-facts"],
      edgarLaneOf(deps.settings),
    ] as const;
    return { ...plan, estimate: estimate(plan.units.length, ...of, 1), unknown: [] };
  };
  if (bulk !== undefined || (companies === undefined && since === undefined)) return zip();

  const register = new Register({ ...deps, now: () => deps.nowMs }, new AbortController().signal);
  try {
    const { issuerIds, unknown } = companies
      ? await register.resolve(companies)
      : { issuerIds: undefined, unknown: [] };
    const filers = since && (await register.filers(since, to));
    const asked = issuerIds ?? [...filers!.keys()].sort();
    const units = asked
      .filter((issuerId) => filers === undefined || filers.has(issuerId))
      .map((issuerId): CompanyUnit => ({
        kind: "company",
        issuerId,
        from: firstFactsDay,
        to: filers?.get(issuerId) ?? to,
      }));
    const inBulk = await bulkCompanies(deps.objects, source);
    const isHeld = (unit: FactUnit): boolean =>
      unit.kind === "company" && (inBulk.get(unit.issuerId) ?? "") >= unit.to;
    return { ...(await wanted(units, isHeld)), unknown };
  } finally {
    await register.close();
  }
}

/** Lengths of the server's zips, about. */
const serverBytes = 7.2e9;
/** Bytes of a zip that are asked for at once. */
const rangeBytes = 8 * 2 ** 20;
/** Seconds of one core for each gigabyte of zips: they unpack to some ten times that, read at about 70 MB/s. */
const cpuSecondsPerGb = 140;

/** What the zips cost: those of this machine nothing of the network. */
async function zipCost(
  bulk: string | undefined,
  submissions: string | undefined,
): Promise<UnitCost> {
  const nothing = { requests: 0, bytes: 0, tokensIn: 0, tokensOut: 0 };
  if (bulk === undefined) {
    const requests = Math.ceil(serverBytes / rangeBytes);
    return {
      ...nothing,
      requests,
      bytes: serverBytes,
      cpuSeconds: (serverBytes / 1e9) * cpuSecondsPerGb,
    };
  }
  let size = 0;
  for (const path of [bulk, submissions]) {
    if (path === undefined) continue;
    const file = await fileSource(path);
    size += file.size;
    await file.close();
  }
  return { ...nothing, cpuSeconds: (size / 1e9) * cpuSecondsPerGb };
}

/** What tells files from others without reading them: their lengths and their last megabyte, which holds their directories. */
async function identityOf(...paths: readonly (string | undefined)[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    if (path === undefined) continue;
    const file = await fileSource(path);
    try {
      const length = Math.min(file.size, 2 ** 20);
      hash.update(`${file.size} `).update(await file.read(file.size - length, length));
    } finally {
      await file.close();
    }
  }
  return hash.digest("hex");
}

/** Companies that some zip brought, and the last day that it reached. */
async function bulkCompanies(objects: ObjectStore, source: string): Promise<Map<string, string>> {
  const reached = new Map<string, string>();
  for (const receipt of await receiptsOf(objects, dataset.name, source, "bulk")) {
    const file = receipt.files.find(({ table }) => table === "companies");
    if (receipt.state !== "done" || file === undefined) continue;
    for await (const block of readNative([await getColumnFile(objects, dataset.name, file.hash)])) {
      const column = block.columns["issuer_id"];
      if (column?.kind !== "text") continue;
      for (const issuerId of column.values) {
        if ((reached.get(issuerId!) ?? "") < receipt.to) reached.set(issuerId!, receipt.to);
      }
    }
  }
  return reached;
}
