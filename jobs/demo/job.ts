import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Lane } from "../../shared/backfill/lane.ts";
import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";
import { sessions } from "../../shared/market/calendar.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { readUniverse } from "../../shared/market/universe.ts";
import { simulateMarket, type Market } from "../../shared/simulator/market.ts";
import { plantedTruth } from "../../shared/simulator/truth.ts";
import { universeCsv } from "../../shared/simulator/universe.ts";
import { startYahoo } from "../../shared/simulator/yahoo/server.ts";
import { openYahoo } from "../../shared/sources/yahoo/client.ts";
import { secondMs } from "../../shared/units.ts";
import { fetchHere } from "../backfill-prices/fetch.ts";
import {
  failureOf,
  run as backfillPrices,
  type BackfillPricesDeps,
  type BackfillReport,
} from "../backfill-prices/job.ts";
import { run as computeFactors, type ComputeReport } from "../compute-factors/job.ts";
import type { Deps } from "../deps.ts";
import { run as evaluateFactors } from "../evaluate-factors/job.ts";
import { run as importPrices } from "../import-prices/job.ts";
import { archiveCsv, replacedListings } from "./archive.ts";

export interface DemoArgs {
  readonly seed: number;
  readonly securities: number;
  readonly from: TradingDay;
  readonly to: TradingDay;
  /** Folder of the pages and of the market's files. */
  readonly out: string;
}

/** A factor, what it was found to be worth, and what it is truly worth on this market. */
export interface DemoFactor {
  readonly result: EvaluationResult;
  readonly truth: "planted" | "inherited" | "none";
}

export interface DemoReport {
  readonly backfill: BackfillReport;
  readonly compute: ComputeReport;
  readonly factors: readonly DemoFactor[];
  readonly pages: readonly string[];
}

/** Requests a second that the simulated vendor is asked: its lane is its own. */
const simulatedRate = 500;

/** Sessions a year, and before the first evaluated day: the longest look-back of most factors. */
const warmUp = 252;

/**
 * Simulates a market and the vendor that serves it, and runs the very jobs of production on it: backfill, import of what
 * the vendor no longer serves, compute, evaluate.
 */
export async function run(args: DemoArgs, deps: Deps, signal: AbortSignal): Promise<DemoReport> {
  const { out, ...span } = args;
  await mkdir(out, { recursive: true });
  const market = simulateMarket(span);
  const universe = join(out, "universe.csv");
  const groups = join(out, "groups.json");
  await writeFile(universe, universeCsv(market));
  await writeFile(groups, JSON.stringify(Object.fromEntries(market.groups), null, 2));

  const backfill = await backfillFrom(market, universe, args, deps, signal);
  await importArchive(market, out, deps, signal);
  const days = sessions(args.from, args.to);
  const from = days[Math.min(warmUp, days.length - 1)]!;
  const compute = await computeFactors(
    { factors: await loadLibrary(), from, to: args.to },
    deps,
    signal,
  );
  const truths = new Map(
    plantedTruth(market, { horizon: 1, delay: 1 }).map((truth) => [truth.name, truth]),
  );
  const { results, pages } = await evaluateFactors(
    compute.computed,
    {
      horizons: [1, 5, 10, 21],
      quantiles: 5,
      delay: 1,
      groups,
      universe: undefined,
      minPrice: undefined,
      minAdv: undefined,
      neutralize: [],
      costBps: 10,
      q: 0.05,
      delistingReturn: undefined,
      trials: undefined,
      series: false,
      html: out,
      from: undefined,
      to: undefined,
    },
    deps,
    signal,
    inWords(compute.computed, truths),
  );
  return {
    backfill,
    compute,
    factors: results.map((result) => ({
      result,
      truth: truths.get(result.factor)?.role ?? "none",
    })),
    pages,
  };
}

async function backfillFrom(
  market: Market,
  universe: string,
  { from, to }: DemoArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<BackfillReport> {
  await using vendor = await startYahoo(market);
  const baseUrl = new URL(vendor.url);
  const fetchDeps = {
    ...deps,
    source: market.source,
    yahoo: await openYahoo({ baseUrl, timeoutMs: 30 * secondMs, now: deps.now }),
    lane: new Lane({
      name: `the simulated Yahoo at ${baseUrl.origin}`,
      ratePerSecond: simulatedRate,
      concurrency: 8,
      attempts: 4,
      breakAfter: 5,
      log: deps.log,
    }),
  };
  const fetch: BackfillPricesDeps["fetch"] = (units, stop) => fetchHere(units, fetchDeps, stop);
  const report = await backfillPrices(
    {
      listings: readUniverse(universeCsv(market), universe),
      from,
      to,
      source: market.source,
      lossBudget: 0.01,
    },
    { ...deps, fetch },
    signal,
  );
  // A ticker's earlier company is no failure here: the archive has it.
  const failed = failureOf({
    ...report,
    failed: report.failed.filter((f) => f.reason !== "ticker_reused"),
  });
  if (failed) throw failed;
  return report;
}

/** Yahoo forgets a company when its ticker is reused; a vendor's archive file has it still. */
async function importArchive(
  market: Market,
  out: string,
  deps: Deps,
  signal: AbortSignal,
): Promise<void> {
  const listings = replacedListings(market);
  if (listings.length === 0) return;
  const file = join(out, "archive.csv");
  await writeFile(file, archiveCsv(market, listings));
  const args = { files: [file], source: market.source, basis: "raw" as const, lossBudget: 0.01 };
  await importPrices(args, deps, signal);
}

/** What each factor is truly worth on this market, in a sentence. */
function inWords(
  factors: readonly string[],
  truths: ReadonlyMap<string, ReturnType<typeof plantedTruth>[number]>,
): Map<string, string> {
  return new Map(
    factors.map((factor) => {
      const truth = truths.get(factor);
      if (truth === undefined) return [factor, "Nothing is planted that this factor could rank."];
      const ic =
        truth.expectedRankIc === undefined
          ? ""
          : `, expected one-day IC ${truth.expectedRankIc.toFixed(3)}`;
      return [
        factor,
        truth.role === "planted"
          ? `Planted on purpose${ic}.`
          : `Not planted itself: it resembles the planted ${truth.through}${ic}.`,
      ];
    }),
  );
}
