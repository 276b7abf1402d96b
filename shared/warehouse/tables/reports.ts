import type { TradingDay } from "../../market/trading-day.ts";
import { insertColumns } from "../insert-columns.ts";
import type { Warehouse } from "../warehouse.ts";

/** A report that was read, or could not be. */
export interface ReportRow {
  readonly reportId: string;
  /** `ticker:X` while no security trades under it. */
  readonly securityId: string;
  readonly ticker: string;
  readonly periodEnd: TradingDay;
  readonly file: string;
  readonly pages: number;
  readonly scanned: readonly number[];
  readonly scoreSet: string;
  readonly scoreKey: string;
  readonly state: string;
  readonly reason: string;
  /** JSON, empty where there is none. */
  readonly report: string;
  readonly knownMs: number;
}

interface Ingest {
  readonly runId: string;
  readonly nowMs: number;
}

const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** Writes a report down; one that was written before with the same scores is replaced. */
export async function putReport(
  warehouse: Warehouse,
  row: ReportRow,
  { runId, nowMs }: Ingest,
): Promise<void> {
  await warehouse.command(
    `INSERT INTO reports SELECT {reportId:String}, {securityId:String}, {ticker:String}, {periodEnd:Date}, {file:String}, {pages:UInt32},
       {scanned:Array(UInt32)}, {scoreSet:String}, {scoreKey:String}, {state:String}, {reason:String}, {report:String},
       toDateTime({known:UInt32}, 'UTC'), {runId:String}, toDateTime({now:UInt32}, 'UTC')`,
    { ...row, scanned: [...row.scanned], known: seconds(row.knownMs), runId, now: seconds(nowMs) },
  );
}

/** A number that a text says. */
export interface SignalRow {
  /** Id of the security, or CIK. */
  readonly subject: string;
  readonly signal: string;
  /** Empty where no model was asked. */
  readonly scoreSet: string;
  readonly document: string;
  /** Days since 1970. */
  readonly periodEnd: number;
  readonly value: number;
  readonly knownMs: number;
}

/** Writes signals down; the same one twice is one. */
export async function putTextSignals(
  warehouse: Warehouse,
  rows: readonly SignalRow[],
  { runId, nowMs }: Ingest,
): Promise<void> {
  const text = (name: string, pick: (row: SignalRow) => string) =>
    ({ name, type: "String", text: rows.map(pick) }) as const;
  await insertColumns(warehouse, "text_signals", [
    text("subject", ({ subject }) => subject),
    text("signal", ({ signal }) => signal),
    text("score_set", ({ scoreSet }) => scoreSet),
    text("document", ({ document }) => document),
    {
      name: "period_end",
      type: "Date",
      values: Uint16Array.from(rows, ({ periodEnd }) => periodEnd),
    },
    { name: "value", type: "Float64", values: Float64Array.from(rows, ({ value }) => value) },
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(rows, ({ knownMs }) => seconds(knownMs)),
    },
    text("run_id", () => runId),
    {
      name: "ingested_at",
      type: "DateTime('UTC')",
      values: new Uint32Array(rows.length).fill(seconds(nowMs)),
    },
  ]);
}

/** A report as it is shown. */
export interface ShownReport extends Omit<ReportRow, "knownMs"> {
  /** UTC. */
  readonly knownAt: string;
}

/** The reports of a ticker whose period ends in a year, the one that was known last first. */
export async function reportsOf(
  warehouse: Warehouse,
  ticker: string,
  year: number,
): Promise<ShownReport[]> {
  return warehouse.rows<ShownReport>(
    `SELECT report_id AS reportId, security_id AS securityId, ticker, period_end AS periodEnd, file, pages, scanned, score_set AS scoreSet,
       score_key AS scoreKey, state, reason, report, toString(known_at) AS knownAt
     FROM reports FINAL WHERE ticker = {ticker:String} AND toYear(period_end) = {year:UInt16}
     ORDER BY state = 'scored' DESC, known_at DESC, ingested_at DESC`,
    { ticker, year },
  );
}
