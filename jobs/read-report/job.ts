import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Failed, InvalidInput, SourceUnavailable } from "../../shared/errors.ts";
import { newYorkDay, newYorkInstant } from "../../shared/market/new-york.ts";
import { addDays, dayNumber, type TradingDay } from "../../shared/market/trading-day.ts";
import { comparable } from "../../shared/market/universe.ts";
import { putCapture } from "../../shared/objects/capture.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { Budget } from "../../shared/text/budget.ts";
import { openModel, scoreSetOf, type ModelChoice } from "../../shared/text/open-model.ts";
import { readPdf } from "../../shared/text/pdf/read-pdf.ts";
import { readPrompt } from "../../shared/text/prompt.ts";
import { readReport, type ReadReport } from "../../shared/text/report/read-report.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";
import { ratingSignal } from "../../shared/text/text-inputs.ts";
import { putReport, putTextSignals } from "../../shared/warehouse/tables/reports.ts";
import { tickerSpans } from "../../shared/warehouse/tables/securities.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";
import type { ReportIdentity } from "./identify.ts";

export interface ReadReportArgs extends ModelChoice {
  /** A file of this machine. */
  readonly path: string;
  /** Where it came from, for people and as what names it. */
  readonly file: string;
  /** Undefined where neither its key nor a file beside it says whose it is: it is kept, and not read. */
  readonly identity: ReportIdentity | undefined;
  /** When it came, ms; now by default. */
  readonly cameMs?: number | undefined;
  readonly password?: string | undefined;
  readonly budgetUsd?: number | undefined;
  readonly concurrency?: number | undefined;
}

export interface ReadReportReport {
  readonly report_id: string;
  readonly file: string;
  readonly ticker: string | null;
  readonly period_end: TradingDay | null;
  readonly state: ReadReport["state"] | "unidentified" | "unread";
  readonly reason: string;
  readonly score_set: string | null;
  readonly score_key: string | null;
  readonly known_at: string | null;
  /** Every page of it. */
  readonly pages: {
    readonly count: number;
    readonly text: number;
    readonly scanned: readonly number[];
    readonly blank: readonly number[];
    /** Scanned pages that the model was sent. */
    readonly sent: readonly number[];
  };
  readonly parts: number;
  readonly bought: number;
  readonly spent_usd: number | null;
  readonly ratings: Readonly<Record<string, number | null>>;
  readonly key_data: { readonly verified: number; readonly unverified: number };
  /** False where no security trades under the ticker yet: read it again when its prices are there, which costs nothing. */
  readonly linked: boolean;
}

/** PDFs beyond that are refused. */
const mostBytes = 300_000_000;

/**
 * Reads an annual report of a company into ratings of five categories, with key data that cite pages.
 *
 * @throws InvalidInput for what is no PDF, a password that does not fit, days that can't be
 */
export async function run(
  args: ReadReportArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<ReadReportReport> {
  const { warehouse, objects, runId, now, progress } = deps;
  const { file, identity } = args;
  const bytes = await bytesOf(args.path, file);
  const reportId = contentHash(bytes);
  const nothing: ReadReportReport = {
    report_id: reportId,
    file,
    ticker: identity?.ticker ?? null,
    period_end: identity?.periodEnd ?? null,
    state: "unidentified",
    reason: "",
    score_set: null,
    score_key: null,
    known_at: null,
    pages: { count: 0, text: 0, scanned: [], blank: [], sent: [] },
    parts: 0,
    bought: 0,
    spent_usd: null,
    ratings: {},
    key_data: { verified: 0, unverified: 0 },
    linked: false,
  };
  if (identity === undefined) {
    await putCapture(objects, "reports", bytes);
    return {
      ...nothing,
      reason: `Nobody says whose report it is: name it reports/<TICKER>/<period-end>/${basename(file)}, or put a file ${basename(file).replace(/\.pdf$/i, "")}.json with ticker and period_end beside it.`,
    };
  }
  const { ticker, periodEnd, published } = identity;
  const cameMs = await firstCame(warehouse, reportId, args.cameMs ?? now());
  checkDays(identity, now());
  const knownMs = published === undefined ? cameMs : newYorkInstant(addDays(published, 1), 0);
  const pdf = await readPdf(bytes, { password: args.password });
  if (pdf.state === "no_pdf" || pdf.state === "password") {
    throw new InvalidInput(`${file}: ${pdf.message}`);
  }
  await putCapture(objects, "reports", bytes);
  const of = (kind: string): number[] =>
    pdf.pages.filter((page) => page.kind === kind).map(({ page }) => page);
  const [notes, whole] = await Promise.all([
    readPrompt("report-notes"),
    readPrompt("annual-report"),
  ]);
  const securityId = await securityOf(warehouse, ticker, newYorkDay(knownMs));
  const told = {
    ...nothing,
    known_at: new Date(knownMs).toISOString(),
    pages: {
      count: pdf.count ?? 0,
      text: of("text").length,
      scanned: of("scan"),
      blank: of("blank"),
      sent: [] as number[],
    },
    linked: securityId !== undefined,
  };
  const { model, close } = await openModel(args, deps, runId);
  try {
    // The notes are made by a prompt of their own, and with another one the report is another.
    const both = { name: whole.name, hash: contentHash(`${whole.hash} ${notes.hash}`) };
    const scoreSet = scoreSetOf(both, model);
    const budget = new Budget(args.budgetUsd, model);
    const unreadable = pdf.state !== "read";
    const read: ReadReport | undefined = unreadable
      ? undefined
      : await readReport(
          bytes,
          pdf.pages,
          {
            ledger: new ScoreLedger(objects, runId, now),
            model,
            budget,
            prompts: { notes, report: whole },
            concurrency: args.concurrency ?? 4,
            progress: (parts) => progress.start("read report", parts),
          },
          signal,
        );
    signal.throwIfAborted();
    const state = read?.state ?? "unread";
    const reason = read?.reason ?? pdf.message;
    const items = read?.report?.items ?? [];
    const settled = ["scored", "refused", "invalid", "unread"].includes(state);
    const subject = securityId ?? `ticker:${comparable(ticker)}`;
    if (settled) {
      await putReport(
        warehouse,
        {
          reportId,
          securityId: subject,
          ticker: comparable(ticker),
          periodEnd,
          file,
          pages: pdf.count ?? 0,
          scanned: told.pages.scanned,
          scoreSet,
          scoreKey: read?.key ?? "",
          state,
          reason,
          report: read?.report === undefined ? "" : JSON.stringify(read.report),
          knownMs,
        },
        { runId, nowMs: now() },
      );
      await putTextSignals(
        warehouse,
        items.flatMap(({ category, rating }) =>
          rating === null
            ? []
            : [
                {
                  subject,
                  signal: ratingSignal(category),
                  scoreSet,
                  document: reportId,
                  periodEnd: dayNumber(periodEnd),
                  value: rating,
                  knownMs,
                },
              ],
        ),
        { runId, nowMs: now() },
      );
    }
    const data = items.flatMap(({ key_data }) => key_data);
    return {
      ...told,
      state,
      reason,
      score_set: scoreSet,
      score_key: read?.key ?? null,
      pages: { ...told.pages, sent: [...(read?.sent ?? [])] },
      parts: read?.parts.length ?? 0,
      bought: read?.bought ?? 0,
      spent_usd: model.price === undefined ? null : budget.spentUsd,
      ratings: Object.fromEntries(items.map(({ category, rating }) => [category, rating])),
      key_data: {
        verified: data.filter(({ verified }) => verified).length,
        unverified: data.filter(({ verified }) => !verified).length,
      },
    };
  } finally {
    await close();
  }
}

/** What the report means for the process. */
export function failureOf({ file, state, reason }: ReadReportReport): Error | undefined {
  if (state === "scored") return undefined;
  if (state === "throttled" || state === "claimed" || state === "stopped") {
    return new SourceUnavailable(`${file}: ${reason} Run the same command again later.`);
  }
  return new Failed(`${file} has no ratings (${state.replaceAll("_", " ")}): ${reason}`);
}

/** When a file came first: one that is read again is known no later. */
async function firstCame(warehouse: Warehouse, reportId: string, cameMs: number): Promise<number> {
  const [row] = await warehouse.rows<{ at: number }>(
    "SELECT toUnixTimestamp(min(ingested_at)) AS at FROM reports WHERE report_id = {reportId:String} HAVING count() > 0",
    { reportId },
  );
  return row === undefined ? cameMs : Math.min(cameMs, row.at * 1000);
}

async function bytesOf(path: string, file: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) {
      throw new InvalidInput(`${file}: expected at most ${mostBytes} bytes, it has ${size}.`);
    }
    return await readFile(path);
  } catch (thrown) {
    if (thrown instanceof InvalidInput) throw thrown;
    throw new InvalidInput(`${file}: no such file, or it can't be read.`);
  }
}

/** @throws InvalidInput for days that can't be */
function checkDays({ periodEnd, published }: ReportIdentity, nowMs: number): void {
  const today = newYorkDay(nowMs);
  if (published !== undefined && published > today) {
    throw new InvalidInput(`--published ${published} is in the future; today is ${today}.`);
  }
  if (published !== undefined && published <= periodEnd) {
    throw new InvalidInput(
      `--published ${published}: expected a day after the period's end, ${periodEnd}.`,
    );
  }
  if (periodEnd > today) {
    throw new InvalidInput(`--period-end ${periodEnd} is in the future; today is ${today}.`);
  }
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
