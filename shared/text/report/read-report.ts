import type { ProgressTask } from "../../progress.ts";
import {
  notesAnswer,
  readAnswer,
  reportAnswer,
  type Notes,
  type ReportAnswer,
} from "../answers.ts";
import type { Budget } from "../budget.ts";
import type { LanguageModel } from "../model.ts";
import type { PdfPage } from "../pdf/pdf-pages.ts";
import type { Prompt } from "../prompt.ts";
import { scoreAll, type ScoreState } from "../score-all.ts";
import type { ScoreLedger, ScoreRequest } from "../score-ledger.ts";
import { chunksOf } from "./chunks.ts";
import { cutPages } from "./cut-pages.ts";
import { QuoteFinder } from "./quotes.ts";

/** A datum of a report, with the words of the page that hold it. */
export interface VerifiedDatum {
  readonly text: string;
  readonly page: number;
  readonly quote: string;
  /** True when the quote was found on the page. */
  readonly verified: boolean;
}

/** A report as it is stored: the answer, its quotes verified. */
export interface StoredReport extends Omit<ReportAnswer, "items"> {
  readonly items: readonly (Omit<ReportAnswer["items"][number], "key_data"> & {
    readonly key_data: readonly VerifiedDatum[];
  })[];
  /** Pages of each part, and the score of the notes of it. */
  readonly parts: readonly ReportPart[];
}

/** A part of a report, and the score that its notes are. */
export interface ReportPart {
  readonly from: number;
  readonly to: number;
  readonly key: string;
}

/** What became of reading a report. */
export interface ReadReport {
  readonly state: ScoreState;
  readonly reason: string;
  readonly report: StoredReport | undefined;
  /** Key of the score of the whole; undefined where it was not reached. */
  readonly key: string | undefined;
  /** Parts that were read, and the keys of their notes. */
  readonly parts: readonly ReportPart[];
  /** Scanned pages that the model was sent as PDF. */
  readonly sent: readonly number[];
  readonly bought: number;
}

export interface ReadReportOptions {
  readonly ledger: ScoreLedger;
  readonly model: LanguageModel;
  readonly budget: Budget;
  readonly prompts: { readonly notes: Prompt; readonly report: Prompt };
  readonly concurrency: number;
  readonly progress?: (parts: number) => ProgressTask;
}

/** Characters of a part: some fifteen thousand tokens, of which a model still sees the middle. */
const partCharacters = 60_000;
const notesTokens = 4000;
const reportTokens = 6000;

interface Part {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly pdf?: Uint8Array | undefined;
}

/**
 * Reads a whole report: notes of each part, and of all notes the report. Every page with text is in a part; scanned pages are sent
 * as PDF to a model that takes them, and only those. Key data whose quotes are not on their page are kept, and not verified.
 *
 * @param bytes of the PDF
 */
export async function readReport(
  bytes: Uint8Array,
  pages: readonly PdfPage[],
  options: ReadReportOptions,
  signal: AbortSignal,
): Promise<ReadReport> {
  const { ledger, model, budget, prompts, concurrency, progress } = options;
  const texts = chunksOf(pages, Math.min(partCharacters, model.mostCharacters));
  const scans = model.takesPdf
    ? await cutPages(
        bytes,
        pages.filter(({ kind }) => kind === "scan").map(({ page }) => page),
      )
    : [];
  const parts: Part[] = [
    ...texts,
    ...scans.map(({ pages: own, pdf }) => ({
      from: own[0]!,
      to: own.at(-1)!,
      text: `The pages ${own.join(", ")} of the report are attached as a PDF, in this order: its first page is page ${own[0]!}.`,
      pdf,
    })),
  ];
  const sent = scans.flatMap((scan) => scan.pages);
  if (parts.length === 0) {
    const reason = "No page of it has text: nothing is rated.";
    return {
      state: "invalid",
      reason,
      report: undefined,
      key: undefined,
      parts: [],
      sent,
      bought: 0,
    };
  }
  const task = progress?.(parts.length + 1);
  const noted = await scoreAll(
    parts,
    {
      ledger,
      model,
      budget,
      concurrency,
      requestOf: ({ text, pdf }): ScoreRequest<{ notes: Notes }> => ({
        task: "report-notes",
        text,
        pdf,
        prompt: prompts.notes,
        schema: notesAnswer,
        maxTokens: notesTokens,
      }),
      ...(task && { progress: task }),
    },
    signal,
  );
  const read = noted.items.map(({ item: { from, to }, key }) => ({ from, to, key }));
  const missing = noted.items.find(({ state }) => state !== "scored");
  if (missing) {
    const reason = `Pages ${missing.item.from} to ${missing.item.to}: ${missing.reason}`;
    const { state } = missing;
    return {
      state,
      reason,
      report: undefined,
      key: undefined,
      parts: read,
      sent,
      bought: noted.bought,
    };
  }
  const finder = new QuoteFinder(pages);
  const notes = noted.items.flatMap(({ record }) => {
    const answer = readAnswer(JSON.stringify(record!.answer), notesAnswer);
    return "answer" in answer ? answer.answer.notes : [];
  });
  const whole = await scoreAll(
    [JSON.stringify({ notes })],
    {
      ledger,
      model,
      budget,
      concurrency: 1,
      requestOf: (text): ScoreRequest<ReportAnswer> => ({
        task: "report",
        text,
        prompt: prompts.report,
        schema: reportAnswer,
        maxTokens: reportTokens,
      }),
      ...(task && { progress: task }),
    },
    signal,
  );
  task?.end();
  const [end] = whole.items;
  const answer = end!.record && readAnswer(JSON.stringify(end!.record.answer), reportAnswer);
  const report =
    end!.state === "scored" && answer !== undefined && "answer" in answer
      ? verified(answer.answer, finder, read)
      : undefined;
  return {
    state: end!.state,
    reason: end!.reason,
    report,
    key: end!.record === undefined ? undefined : end!.key,
    parts: read,
    sent,
    bought: noted.bought + whole.bought,
  };
}

function verified(
  answer: ReportAnswer,
  finder: QuoteFinder,
  parts: readonly ReportPart[],
): StoredReport {
  return {
    ...answer,
    parts,
    items: answer.items.map((item) => ({
      ...item,
      key_data: item.key_data.map((datum) => ({
        ...datum,
        verified: finder.isOn(datum.page, datum.quote),
      })),
    })),
  };
}

/** The published shape: key data as texts alone. */
export function publishedShape(report: StoredReport): unknown {
  const { overall_assessment, investment_recommendation } = report;
  return {
    items: report.items.map((item) => ({
      ...item,
      key_data: item.key_data.map(({ text }) => text),
    })),
    overall_assessment,
    investment_recommendation,
  };
}
