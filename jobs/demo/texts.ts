import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buyAlone } from "../../shared/backfill/buy-here.ts";
import { readSettings } from "../../shared/env.ts";
import { addDays, type TradingDay } from "../../shared/market/trading-day.ts";
import { noProgress } from "../../shared/progress.ts";
import type { Market } from "../../shared/simulator/market.ts";
import { annualReport } from "../../shared/simulator/report/annual-report.ts";
import { simulatedKey, startTavily } from "../../shared/simulator/tavily/server.ts";
import { storiesOf } from "../../shared/simulator/tavily/stories.ts";
import { dataset } from "../backfill-news/dataset.ts";
import { failureOf, run as backfillNews } from "../backfill-news/job.ts";
import type { Deps } from "../deps.ts";
import { run as importNews } from "../import-news/job.ts";
import { run as readReport } from "../read-report/job.ts";
import { describeReport, reportPage } from "../read-report/show.ts";
import { run as scoreNews } from "../score-news/job.ts";
import { reportsOf } from "../../shared/warehouse/tables/reports.ts";

/** What became of the texts. */
export interface DemoTexts {
  readonly articles: number;
  readonly stories: number;
  readonly reports: number;
  readonly score_set: string;
  /** A report as a page with its citations. */
  readonly page: string;
}

/** News of so many years are brought in, and so many companies' reports on so many years are read: minutes are short. */
const newsYears = 1;
const newsCompanies = 150;
const reportCompanies = 25;
const reportYears = 2;
/** Days from the end of a year to its report. */
const publishedAfter = 55;

/** News from an archive and from Tavily, scored; annual reports, read: all by word lists, as there is no account. */
export async function bringTexts(
  market: Market,
  out: string,
  deps: Deps,
  signal: AbortSignal,
): Promise<DemoTexts> {
  const last = market.sessions.at(-1)!;
  const since = addDays(last, -365 * newsYears);
  const archive = join(out, "news.jsonl");
  await writeFile(archive, newsArchive(market, since, addDays(last, -7)));
  const imported = await importNews(
    { file: archive, source: market.source, lossBudget: 0 },
    deps,
    signal,
  );
  const fresh = await newestNews(market, deps, signal);
  const scored = await scoreNews(
    {
      provider: "local",
      model: undefined,
      from: undefined,
      to: undefined,
      tickers: undefined,
      prompt: undefined,
      budgetUsd: undefined,
      concurrency: 64,
    },
    deps,
    signal,
  );
  const { reports, page } = await readReports(market, out, deps, signal);
  return {
    articles: imported.articles + fresh,
    stories: scored.stories,
    reports,
    score_set: scored.score_set,
    page,
  };
}

/** What a vendor of old news would sell. */
function newsArchive(market: Market, from: TradingDay, to: TradingDay): string {
  const lines = market.listings.slice(0, newsCompanies).flatMap((listing) =>
    storiesOf(market, listing).flatMap(({ url, title, text, publishedMs }) => {
      const published_at = new Date(publishedMs).toISOString();
      return published_at >= from && published_at < to
        ? [JSON.stringify({ url, title, text, published_at })]
        : [];
    }),
  );
  return `${lines.join("\n")}\n`;
}

async function newestNews(market: Market, deps: Deps, signal: AbortSignal): Promise<number> {
  await using tavily = await startTavily(market);
  const settings = readSettings({
    home: deps.settings.text("home"),
    tavilyBaseUrl: tavily.url,
    tavilyApiKey: simulatedKey,
    tavilyRatePerSecond: "500",
  });
  const ours = { ...deps, settings };
  const report = await backfillNews(
    {
      source: market.source,
      tickers: market.listings
        .filter(({ delisting }) => delisting === undefined)
        .map(({ ticker }) => ticker)
        .slice(0, newsCompanies),
      days: 7,
      topics: ["news"],
    },
    { ...ours, buy: (plan, stop) => buyAlone(dataset, plan, ours, stop) },
    signal,
  );
  const failed = failureOf(report);
  if (failed) throw failed;
  return report.loaded.articles;
}

async function readReports(
  market: Market,
  out: string,
  deps: Deps,
  signal: AbortSignal,
): Promise<{ reports: number; page: string }> {
  const last = market.sessions.at(-1)!;
  const listings = market.listings.filter(({ delisting }) => delisting === undefined);
  const task = deps.progress.start("read annual reports", reportCompanies * reportYears);
  const quiet = { ...deps, progress: noProgress };
  let reports = 0;
  let shown: { readonly ticker: string; readonly year: number } | undefined;
  for (const listing of listings.slice(0, reportCompanies)) {
    signal.throwIfAborted();
    const readOne = async (back: number): Promise<void> => {
      const year = Number(last.slice(0, 4)) - back;
      const report = await annualReport(market, listing, year);
      task.advance();
      if (report === undefined) return;
      const published = addDays(report.periodEnd, publishedAfter);
      if (published >= last) return;
      const name = `reports/${report.ticker}/${report.periodEnd}/${published}/report.pdf`;
      const path = join(out, name);
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(path, report.pdf);
      await readReport(
        {
          provider: "local",
          model: undefined,
          path,
          file: name,
          identity: { ticker: report.ticker, periodEnd: report.periodEnd, published },
        },
        quiet,
        signal,
      );
      reports++;
      shown = { ticker: report.ticker, year };
    };
    await Promise.all(Array.from({ length: reportYears }, (_, at) => readOne(at + 1)));
  }
  task.end();
  const page = join(out, "report.html");
  if (shown) {
    const [row] = await reportsOf(deps.warehouse, shown.ticker, shown.year);
    if (row) await writeFile(page, reportPage(row, describeReport(row).parsed, true));
  }
  return { reports, page };
}
