import { priceWork } from "../../../jobs/backfill-prices/dataset.ts";
import { run, type BackfillReport } from "../../../jobs/backfill-prices/job.ts";
import type { PriceUnit } from "../../../jobs/backfill-prices/units.ts";
import { buyHere } from "../../../shared/backfill/buy-here.ts";
import type { OpenWork } from "../../../shared/backfill/dataset.ts";
import { Lane, type LaneOptions } from "../../../shared/backfill/lane.ts";
import { openLog } from "../../../shared/log.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { readUniverse } from "../../../shared/market/universe.ts";
import { openYahoo } from "../../../shared/sources/yahoo/client.ts";
import { Loopback } from "../../../shared/simulator/loopback.ts";
import type { Reply } from "../../../shared/simulator/reply.ts";
import { symbolOfPath } from "../../../shared/simulator/yahoo/chart-query.ts";
import { tooManyRequests } from "../../../shared/simulator/yahoo/faults.ts";
import type { Warehouse } from "../../../shared/warehouse/warehouse.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";

/** What a backfill of a test is asked; the rest is the same for all. */
export interface BackfillRequest {
  readonly url: string;
  /** Lines of a universe file, the header first; or tickers alone. */
  readonly universe: readonly string[];
  readonly from: string;
  readonly to: string;
  /** When it runs. */
  readonly nowMs: number;
  readonly source?: string;
  readonly lane?: Partial<LaneOptions>;
  readonly signal?: AbortSignal;
}

/** Runs the job of `quarry backfill prices`, on a lane that asks once and does not wait. */
export async function backfill(
  warehouse: Warehouse,
  { url, universe, from, to, nowMs, source = "simulated", lane, signal }: BackfillRequest,
): Promise<BackfillReport> {
  const header = universe[0]!.startsWith("ticker") ? [] : ["ticker"];
  const args = {
    listings: readUniverse([...header, ...universe].join("\n"), "universe.csv"),
    from: parseTradingDay(from),
    to: parseTradingDay(to),
    source,
    lossBudget: 0.01,
  };
  const base = jobDeps(warehouse, nowMs);
  const fetchDeps = {
    ...base,
    source,
    yahoo: await openYahoo({ baseUrl: new URL(url), timeoutMs: 2000, now: () => nowMs }),
    lane: new Lane({
      name: "Yahoo",
      ratePerSecond: 1000,
      concurrency: 8,
      attempts: 1,
      breakAfter: 5,
      log: openLog("silent"),
      ...lane,
    }),
  };
  const open: OpenWork<PriceUnit> = {
    work: priceWork(fetchDeps),
    concurrency: 8,
    requests: () => fetchDeps.lane.requests,
    ratePerSecond: () => fetchDeps.lane.ratePerSecond,
    close: () => Promise.resolve(),
  };
  return run(
    args,
    { ...base, buy: ({ units }, stop) => buyHere(units, open, base, stop) },
    signal ?? noSignal,
  );
}

/** A vendor of charts that a test makes, with HTTP 200 unless they are whole replies. */
export function startCharts(
  answer: (symbol: string, period1: number) => Buffer | Reply,
): Promise<Loopback<never>> {
  return Loopback.start<never>({
    subjectOf: ({ url }) => symbolOfPath(url),
    answer: ({ url }) => {
      const said = answer(symbolOfPath(url), Number(url.searchParams.get("period1")));
      return Buffer.isBuffer(said)
        ? { status: 200, contentType: "application/json", body: said.toString() }
        : said;
    },
    refusal: tooManyRequests,
  });
}

/** The corporate actions of a source as `ticker kind day value known`, a line each; what is known later stands below. */
export async function actionLines(warehouse: Warehouse, source = "simulated"): Promise<string[]> {
  const rows = await warehouse.rows<{ line: string }>(
    `SELECT concat(ticker, ' ', kind, ' ', toString(ex_date), ' ', toString(round(ifNull(value, nan), 6)), ' ',
       formatDateTime(a.known_at, '%Y-%m-%dT%H:%i')) AS line
     FROM corporate_actions AS a
     INNER JOIN (SELECT DISTINCT security_id, ticker FROM tickers) AS t ON a.security_id = t.security_id
     WHERE source = {source:String} ORDER BY ticker, ex_date, kind, a.known_at`,
    { source },
  );
  return rows.map(({ line }) => line);
}
