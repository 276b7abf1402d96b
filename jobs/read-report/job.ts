import { basename } from "node:path";
import { Failed, SourceUnavailable } from "../../shared/errors.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { putCapture } from "../../shared/objects/capture.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import { Budget } from "../../shared/text/budget.ts";
import type { ModelChoice } from "../../shared/text/chosen-model.ts";
import { openModel } from "../../shared/text/open-model.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";
import type { Deps } from "../deps.ts";
import { bytesOf } from "./find-reports.ts";
import type { ReportIdentity } from "./identify.ts";
import { checkDays, readOne, readReportPrompts, type ReadOne } from "./read-one.ts";
import { placeOfReport, storeReport } from "./store-report.ts";

export interface ReadReportArgs extends ModelChoice {
  /** A file of this machine, or s3://bucket/key. */
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
  readonly state: ReadOne["state"] | "unidentified";
  readonly reason: string;
  readonly score_set: string | null;
  readonly score_key: string | null;
  readonly known_at: string | null;
  /** Every page of it. */
  readonly pages: ReadOne["pages"];
  readonly parts: number;
  readonly bought: number;
  readonly spent_usd: number | null;
  readonly ratings: Readonly<Record<string, number | null>>;
  readonly key_data: { readonly verified: number; readonly unverified: number };
  /** False where no security trades under the ticker yet: read it again when its prices are there, which costs nothing. */
  readonly linked: boolean;
}

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
  const { ticker, published } = identity;
  checkDays(identity, now());
  const prompts = await readReportPrompts();
  const { model, close } = await openModel(args, deps, runId);
  try {
    const budget = new Budget(args.budgetUsd, model);
    const one = await readOne(
      bytes,
      { file, identity, password: args.password },
      {
        objects,
        ledger: new ScoreLedger(objects, runId, now),
        model,
        budget,
        prompts,
        concurrency: args.concurrency ?? 4,
        progress: (parts) => progress.start("read report", parts),
      },
      signal,
    );
    const { row, read, state, reason, pages } = one;
    const place = await placeOfReport(
      warehouse,
      reportId,
      { ticker, published },
      args.cameMs ?? now(),
    );
    if (one.settled) await storeReport(warehouse, row, place, { runId, nowMs: now() });
    const items = read?.report?.items ?? [];
    const data = items.flatMap(({ key_data }) => key_data);
    return {
      ...nothing,
      state,
      reason,
      known_at: new Date(place.knownMs).toISOString(),
      linked: place.securityId !== undefined,
      score_set: row.scoreSet,
      score_key: read?.key ?? null,
      pages,
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
