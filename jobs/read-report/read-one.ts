import { InvalidInput } from "../../shared/errors.ts";
import { newYorkDay } from "../../shared/market/new-york.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { comparable } from "../../shared/market/universe.ts";
import { putCapture } from "../../shared/objects/capture.ts";
import { contentHash } from "../../shared/objects/file-store.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import type { ProgressTask } from "../../shared/progress.ts";
import type { Budget } from "../../shared/text/budget.ts";
import type { LanguageModel } from "../../shared/text/model.ts";
import { scoreSetOf } from "../../shared/text/open-model.ts";
import { readPdf } from "../../shared/text/pdf/read-pdf.ts";
import { readPrompt, type Prompt } from "../../shared/text/prompt.ts";
import { readReport, type ReadReport } from "../../shared/text/report/read-report.ts";
import type { ScoreLedger } from "../../shared/text/score-ledger.ts";
import type { ReportRow } from "../../shared/warehouse/tables/reports.ts";
import type { ReportIdentity } from "./identify.ts";

/** The two prompts that a report is read by: notes of its parts, and of them the report. */
export interface ReportPrompts {
  readonly notes: Prompt;
  readonly whole: Prompt;
}

/** @throws InvalidInput for a prompt that is not there */
export async function readReportPrompts(): Promise<ReportPrompts> {
  const [notes, whole] = await Promise.all([
    readPrompt("report-notes"),
    readPrompt("annual-report"),
  ]);
  return { notes, whole };
}

/** The notes are made by a prompt of their own, and with another one the report is another. */
export function reportScoreSet(
  { notes, whole }: ReportPrompts,
  model: Pick<LanguageModel, "model">,
): string {
  return scoreSetOf({ name: whole.name, hash: contentHash(`${whole.hash} ${notes.hash}`) }, model);
}

/** What reading a report needs; no database. */
export interface ReadOneDeps {
  readonly objects: ObjectStore;
  readonly ledger: ScoreLedger;
  readonly model: LanguageModel;
  readonly budget: Budget;
  readonly prompts: ReportPrompts;
  readonly concurrency: number;
  readonly progress?: (parts: number) => ProgressTask;
}

/** A report that was read, and not yet written down. */
export interface ReadOne {
  readonly row: Omit<ReportRow, "securityId" | "knownMs">;
  readonly read: ReadReport | undefined;
  /** What became of it: of the score, or `unread` where the PDF is damaged. */
  readonly state: ReadReport["state"] | "unread";
  readonly reason: string;
  /** True when it stays so, whoever reads it again. */
  readonly settled: boolean;
  readonly pages: {
    readonly count: number;
    readonly text: number;
    readonly scanned: readonly number[];
    readonly blank: readonly number[];
    /** Scanned pages that the model was sent. */
    readonly sent: readonly number[];
  };
}

/**
 * Keeps a report's PDF, and reads it.
 *
 * @throws InvalidInput for what is no PDF, and a password that does not fit
 */
export async function readOne(
  bytes: Buffer,
  about: {
    readonly file: string;
    readonly identity: ReportIdentity;
    readonly password?: string | undefined;
  },
  deps: ReadOneDeps,
  signal: AbortSignal,
): Promise<ReadOne> {
  const { file, identity, password } = about;
  const { objects, model, prompts, concurrency, progress, ledger, budget } = deps;
  const pdf = await readPdf(bytes, { password });
  if (pdf.state === "no_pdf" || pdf.state === "password") {
    throw new InvalidInput(`${file}: ${pdf.message}`);
  }
  await putCapture(objects, "reports", bytes);
  const of = (kind: string): number[] =>
    pdf.pages.filter((page) => page.kind === kind).map(({ page }) => page);
  const read =
    pdf.state === "read"
      ? await readReport(
          bytes,
          pdf.pages,
          {
            ledger,
            model,
            budget,
            prompts: { notes: prompts.notes, report: prompts.whole },
            concurrency,
            ...(progress && { progress }),
          },
          signal,
        )
      : undefined;
  signal.throwIfAborted();
  const state = read?.state ?? "unread";
  const reason = read?.reason ?? pdf.message;
  const count = pdf.count ?? 0;
  const scanned = of("scan");
  return {
    row: {
      reportId: contentHash(bytes),
      ticker: comparable(identity.ticker),
      periodEnd: identity.periodEnd,
      file,
      pages: count,
      scanned,
      scoreSet: reportScoreSet(prompts, model),
      scoreKey: read?.key ?? "",
      state,
      reason,
      report: read?.report === undefined ? "" : JSON.stringify(read.report),
    },
    read,
    state,
    reason,
    settled: ["scored", "refused", "invalid", "unread"].includes(state),
    pages: { count, text: of("text").length, scanned, blank: of("blank"), sent: read?.sent ?? [] },
  };
}

/** @throws InvalidInput for days that can't be */
export function checkDays({ periodEnd, published }: ReportIdentity, nowMs: number): void {
  const today: TradingDay = newYorkDay(nowMs);
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
