import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Estimate } from "../../shared/backfill/estimate.ts";
import { localExecutor, type LocalExecutor } from "../../shared/backfill/executors/local.ts";
import { buyThroughRun } from "../../shared/backfill/through-run.ts";
import { readSettings } from "../../shared/env.ts";
import type { EvaluationResult } from "../../shared/evaluation/result.ts";
import { isCompanyInput } from "../../shared/factors/company.ts";
import type { FactorDefinition } from "../../shared/factors/define.ts";
import { isTextInput } from "../../shared/text/text-inputs.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";
import { sessions } from "../../shared/market/calendar.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { readUniverse } from "../../shared/market/universe.ts";
import { simulateMarket, type Market } from "../../shared/simulator/market.ts";
import { deskOf } from "../../shared/simulator/tavily/stories.ts";
import { plantedTruth } from "../../shared/simulator/truth.ts";
import { universeCsv } from "../../shared/simulator/universe.ts";
import { startYahoo } from "../../shared/simulator/yahoo/server.ts";
import type { FactsReport } from "../backfill-facts/job.ts";
import type { BackfillDeps } from "../backfill.ts";
import { failureOf, run as backfillPrices, type BackfillReport } from "../backfill-prices/job.ts";
import { run as computeFactors, type ComputeReport } from "../compute-factors/job.ts";
import type { PriceUnit } from "../backfill-prices/units.ts";
import { planPrices } from "../backfill-prices/plan.ts";
import { dataset as prices } from "../backfill-prices/dataset.ts";
import { parametersOf } from "../backfill-prices/runs.ts";
import { codeVersion } from "../code-version.ts";
import type { Deps } from "../deps.ts";
import type { EvaluateArgs } from "../evaluate-factors/args.ts";
import { readGroups } from "../evaluate-factors/groups.ts";
import { run as evaluateFactors } from "../evaluate-factors/job.ts";
import { run as importPrices } from "../import-prices/job.ts";
import { archiveCsv, replacedListings } from "./archive.ts";
import { backfillReports } from "./reports.ts";
import { bringTexts, type DemoTexts } from "./texts.ts";

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
  /** The companies that it was evaluated on, where they are not all. */
  readonly of?: string;
  readonly result: EvaluationResult;
  readonly truth: "planted" | "inherited" | "none";
}

export interface DemoReport {
  /** What the plan said that the backfill would take. */
  readonly plan: Estimate;
  readonly backfill: BackfillReport;
  /** The child that was killed on the way (0 when all were done before), after how many requests, and requests in all. */
  readonly kill: {
    readonly pid: number;
    readonly afterRequests: number;
    readonly requests: number;
  };
  /** What companies reported, as it came in. */
  readonly reports: FactsReport;
  /** News and annual reports, and what was made of them. */
  readonly texts: DemoTexts;
  readonly compute: ComputeReport;
  readonly factors: readonly DemoFactor[];
  readonly pages: readonly string[];
}

/** Requests a second that the simulated vendor is asked: its lane is its own. */
const simulatedRate = 500;

/** Of the factors on statements some are shown: value, quality and both, so that the pages can be read in a few minutes. */
const shownStatements: ReadonlySet<string> = new Set([
  "book_to_market",
  "earnings_yield",
  "gross_profitability",
  "piotroski_f",
]);

/** The same of texts: news, and what a report says of its strategy. */
const byTone = "news_sentiment_5";
/** What it is truly worth on the companies that each desk writes about. */
const deskTruths = {
  insight:
    "Planted on purpose: the tone of the desk that writes about these companies leads returns.",
  wire: "Nothing is planted: the tone of the desk that writes about these companies is its mood.",
} as const;
const shownTexts: ReadonlySet<string> = new Set([byTone, "report_strategy"]);

/** The factors that the demo shows: all of prices, some of statements and of texts. */
export function shownFactors(library: readonly FactorDefinition[]): FactorDefinition[] {
  return library.filter(
    ({ name, inputs }) =>
      shownStatements.has(name) ||
      shownTexts.has(name) ||
      !inputs.some((input) => isCompanyInput(input) || isTextInput(input)),
  );
}

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

  const backfilled = await backfillFrom(market, universe, args, deps, signal);
  await importArchive(market, out, deps, signal);
  const reports = await backfillReports(market, deps, signal);
  const texts = await bringTexts(market, out, deps, signal);
  const days = sessions(args.from, args.to);
  const from = days[Math.min(warmUp, days.length - 1)]!;
  const compute = await computeFactors(
    { factors: shownFactors(await loadLibrary()), from, to: args.to },
    deps,
    signal,
  );
  const truths = new Map(
    plantedTruth(market, { horizon: 1, delay: 1 }).map((truth) => [truth.name, truth]),
  );
  const how: EvaluateArgs = {
    horizons: [1, 5, 10, 21],
    quantiles: 5,
    delay: 1,
    groups: await readGroups(groups),
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
  };
  const { results, pages } = await evaluateFactors(
    compute.computed,
    how,
    deps,
    signal,
    inWords(compute.computed, truths),
  );
  const desks: DemoFactor[] = [];
  for (const desk of ["insight", "wire"] as const) {
    const tickers = market.listings.flatMap((listing) =>
      deskOf(listing) === desk ? [listing.ticker] : [],
    );
    const file = join(out, `${desk}.csv`);
    const csv = `ticker\n${[...new Set(tickers)].join("\n")}\n`;
    await writeFile(file, csv);
    const universe = { file, members: readUniverse(csv, file) };
    const { results: own } = await evaluateFactors(
      [byTone],
      // A year of news holds a dozen windows of a month: too few to tell anything.
      { ...how, horizons: [1, 5], universe, html: join(out, desk) },
      deps,
      signal,
      new Map([[byTone, deskTruths[desk]]]),
    );
    desks.push({ result: own[0]!, of: desk, truth: desk === "insight" ? "planted" : "none" });
  }
  return {
    ...backfilled,
    reports,
    texts,
    compute,
    factors: results.flatMap((result): DemoFactor[] =>
      result.factor === byTone
        ? [{ result, truth: "planted" }, ...desks]
        : [{ result, truth: truths.get(result.factor)?.role ?? "none" }],
    ),
    pages,
  };
}

/**
 * The backfill as a run of its own, in processes of its own, one of which is killed on the way: the others go on with what it
 * left, and nothing is doubled.
 */
async function backfillFrom(
  market: Market,
  universe: string,
  { from, to }: DemoArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<Pick<DemoReport, "backfill" | "plan" | "kill">> {
  await using vendor = await startYahoo(market);
  const lane = {
    yahooBaseUrl: vendor.url,
    yahooRatePerSecond: String(simulatedRate),
    yahooSlots: "2",
  };
  const home = deps.settings.text("home");
  const ours = { ...deps, settings: readSettings({ home, ...lane }) };
  const args = {
    listings: readUniverse(universeCsv(market), universe),
    from,
    to,
    source: market.source,
    lossBudget: 0.01,
  };
  const plan = await planPrices(args, { ...ours, nowMs: deps.now() });
  const executor = localExecutor(fileURLToPath(new URL("../cli.ts", import.meta.url)), {
    ...process.env,
    QUARRY_HOME: home,
    QUARRY_OBJECTS: deps.objects.location,
    YAHOO_BASE_URL: lane.yahooBaseUrl,
    YAHOO_RATE: lane.yahooRatePerSecond,
    YAHOO_SLOTS: lane.yahooSlots,
  });
  const kill = { pid: 0, afterRequests: 0, requests: 0 };
  const limits = {
    parameters: parametersOf(args),
    executor: killingOne(executor, kill, () => vendor.requests.length, plan.units.length / 3),
    maxDurationMs: undefined,
    budgetUsd: undefined,
  };
  const buy: BackfillDeps<PriceUnit>["buy"] = (wanted, stop) =>
    buyThroughRun(prices, wanted, { ...ours, codeVersion: codeVersion() }, limits, stop);
  const report = await backfillPrices(args, { ...ours, buy }, signal);
  kill.requests = vendor.requests.length;
  // A ticker's earlier company is no failure here: the archive has it.
  const failed = failureOf({
    ...report,
    failed: report.failed.filter((f) => f.reason !== "ticker_reused"),
  });
  if (failed) throw failed;
  return { backfill: report, plan: plan.estimate, kill };
}

/** Kills one of the children without a word once the vendor has been asked so many times. */
function killingOne(
  executor: LocalExecutor,
  kill: { pid: number; afterRequests: number },
  requests: () => number,
  after: number,
): LocalExecutor {
  return {
    ...executor,
    status(...asked) {
      const pid = executor.pids().at(-1);
      if (kill.pid === 0 && pid !== undefined && requests() >= after) {
        process.kill(pid, "SIGKILL");
        Object.assign(kill, { pid, afterRequests: requests() });
      }
      return executor.status(...asked);
    },
  };
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
      if (factor === byTone) {
        return [
          factor,
          "Planted on purpose: the tone of the desk that writes about half of the companies leads returns; the tone of the other is its mood.",
        ];
      }
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
