import { newYorkDay, newYorkInstant } from "../../shared/market/new-york.ts";
import { addDays, dayNumber, type TradingDay } from "../../shared/market/trading-day.ts";
import { comparable } from "../../shared/market/universe.ts";
import type { StoredReport } from "../../shared/text/report/read-report.ts";
import { ratingSignal } from "../../shared/text/text-inputs.ts";
import { putReport, putTextSignals } from "../../shared/warehouse/tables/reports.ts";
import { tickerSpans } from "../../shared/warehouse/tables/securities.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { ReadOne } from "./read-one.ts";

/** When a report was known, and whose it is. */
export interface ReportPlace {
  readonly knownMs: number;
  /** Undefined where no security trades under its ticker yet. */
  readonly securityId: string | undefined;
}

/**
 * Looks up when a report was known and which security it is about.
 *
 * @param cameMs when its file came; a file that came before is known no later
 */
export async function placeOfReport(
  warehouse: Warehouse,
  reportId: string,
  { ticker, published }: { readonly ticker: string; readonly published: TradingDay | undefined },
  cameMs: number,
): Promise<ReportPlace> {
  const knownMs =
    published === undefined
      ? await firstCame(warehouse, reportId, cameMs)
      : newYorkInstant(addDays(published, 1), 0);
  return { knownMs, securityId: await securityOf(warehouse, ticker, newYorkDay(knownMs)) };
}

/** Writes a report down, and its ratings as signals; the same one twice is one. */
export async function storeReport(
  warehouse: Warehouse,
  row: ReadOne["row"],
  { knownMs, securityId }: ReportPlace,
  origin: { readonly runId: string; readonly nowMs: number },
): Promise<void> {
  const subject = securityId ?? `ticker:${row.ticker}`;
  await putReport(warehouse, { ...row, securityId: subject, knownMs }, origin);
  const { items } =
    row.report === "" ? { items: [] } : (JSON.parse(row.report) as Pick<StoredReport, "items">);
  await putTextSignals(
    warehouse,
    items.flatMap(({ category, rating }) =>
      rating === null
        ? []
        : [
            {
              subject,
              signal: ratingSignal(category),
              scoreSet: row.scoreSet,
              document: row.reportId,
              periodEnd: dayNumber(row.periodEnd),
              value: rating,
              knownMs,
            },
          ],
    ),
    origin,
  );
}

/** When a file came first: one that is read again is known no later. */
async function firstCame(warehouse: Warehouse, reportId: string, cameMs: number): Promise<number> {
  const [row] = await warehouse.rows<{ at: number }>(
    "SELECT toUnixTimestamp(min(ingested_at)) AS at FROM reports WHERE report_id = {reportId:String} HAVING count() > 0",
    { reportId },
  );
  return row === undefined ? cameMs : Math.min(cameMs, row.at * 1000);
}

/** The security that trades under a ticker on a day, or did last before it. */
async function securityOf(
  warehouse: Warehouse,
  ticker: string,
  day: TradingDay,
): Promise<string | undefined> {
  const wanted = comparable(ticker);
  const spans = (await tickerSpans(warehouse)).filter(
    (span) => comparable(span.ticker) === wanted && span.from <= day,
  );
  return spans.at(-1)?.securityId;
}
