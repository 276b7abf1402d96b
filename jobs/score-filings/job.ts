import { dayNumber, type TradingDay } from "../../shared/market/trading-day.ts";
import { comparable } from "../../shared/market/universe.ts";
import { getCapture } from "../../shared/objects/capture.ts";
import { documentText } from "../../shared/sources/edgar/document-text.ts";
import { proxyAnswer, type ProxyAnswer } from "../../shared/text/answers.ts";
import { Budget } from "../../shared/text/budget.ts";
import { cosine, fogIndex, toneBalance, wordCounts } from "../../shared/text/filing/measures.ts";
import type { ModelChoice } from "../../shared/text/chosen-model.ts";
import { openModel, scoreSetOf } from "../../shared/text/open-model.ts";
import { readPrompt } from "../../shared/text/prompt.ts";
import { scoreAll, type ScoreState } from "../../shared/text/score-all.ts";
import { ScoreLedger } from "../../shared/text/score-ledger.ts";
import { putTextSignals, type SignalRow } from "../../shared/warehouse/tables/reports.ts";
import { putScores } from "../../shared/warehouse/tables/scores.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";

export interface ScoreFilingsArgs extends ModelChoice {
  /** Tickers or CIKs; all companies when undefined. */
  readonly companies: readonly string[] | undefined;
  readonly budgetUsd: number | undefined;
  readonly concurrency: number;
}

export interface ScoreFilingsReport {
  /** Annual reports that were measured, and proxy statements that were read. */
  readonly annual_reports: number;
  readonly proxy_statements: number;
  readonly signals: Readonly<Record<string, number>>;
  readonly states: Readonly<Partial<Record<ScoreState, number>>>;
  readonly bought: number;
  readonly spent_usd: number | null;
}

/** Days between the ends of the periods of consecutive annual reports. */
const yearApart = { least: 330, most: 400 };
const proxyTokens = 3000;
/** Characters at the beginning and end of a proxy statement's part. */
const proxyPart = 60_000;

interface Filing {
  readonly issuerId: string;
  readonly accession: string;
  readonly form: string;
  readonly period: TradingDay;
  readonly known: number;
}

/**
 * Measures the text of annual reports by item (tone of the risk factors, likeness to the year before, readability), and reads proxy
 * statements by a model (ages of directors, pay of executives). What the filings are is told by `quarry backfill filings`.
 */
export async function run(
  args: ScoreFilingsArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<ScoreFilingsReport> {
  const { warehouse, runId, now, progress } = deps;
  const issuers = await issuersOf(warehouse, args.companies);
  const task = progress.start("measure reports", issuers.length);
  const counts: Record<string, number> = {};
  let reports = 0;
  for (const issuer of issuers) {
    signal.throwIfAborted();
    const filings = await filingsOf(warehouse, issuer, ["10-K"]);
    const rows = await measured(warehouse, filings);
    reports += filings.length;
    for (const { signal: name } of rows) counts[name] = (counts[name] ?? 0) + 1;
    await putTextSignals(warehouse, rows, { runId, nowMs: now() });
    task.advance();
  }
  task.end();
  const proxies = await readProxies(args, issuers, deps, signal);
  for (const { signal: name } of proxies.rows) counts[name] = (counts[name] ?? 0) + 1;
  return {
    annual_reports: reports,
    proxy_statements: proxies.filings,
    signals: counts,
    states: proxies.states,
    bought: proxies.bought,
    spent_usd: proxies.spentUsd,
  };
}

async function issuersOf(
  warehouse: Warehouse,
  companies: readonly string[] | undefined,
): Promise<string[]> {
  const rows = await warehouse.rows<{ issuer: string }>(
    `SELECT DISTINCT issuer_id AS issuer FROM filing_documents
     WHERE {all:UInt8} = 1 OR issuer_id IN {ciks:Array(String)}
       OR issuer_id IN (SELECT issuer_id FROM issuer_attributes WHERE attribute = 'ticker' AND replaceAll(upper(value), '-', '.') IN {tickers:Array(String)})
     ORDER BY issuer`,
    {
      all: companies === undefined ? 1 : 0,
      ciks: (companies ?? []).flatMap((name) =>
        /^\d{1,10}$/.test(name) ? [name.padStart(10, "0")] : [],
      ),
      tickers: (companies ?? []).map(comparable),
    },
  );
  return rows.map(({ issuer }) => issuer);
}

/** The filings of a company whose documents are held, by period. */
function filingsOf(
  warehouse: Warehouse,
  issuer: string,
  forms: readonly string[],
): Promise<Filing[]> {
  return warehouse.rows<Filing>(
    `SELECT issuer_id AS issuerId, accession, argMax(form, rank) AS form,
       ifNull(argMax(tuple(period_end), rank).1, argMax(filed, rank)) AS period, toUnixTimestamp(argMax(known_at, rank)) AS known
     FROM filings WHERE issuer_id = {issuer:String} AND accession IN (SELECT accession FROM filing_documents WHERE issuer_id = {issuer:String})
     GROUP BY issuer_id, accession HAVING form IN {forms:Array(String)} ORDER BY period, known, accession`,
    { issuer, forms },
  );
}

/** What the items of annual reports say. */
async function measured(warehouse: Warehouse, filings: readonly Filing[]): Promise<SignalRow[]> {
  const rows: SignalRow[] = [];
  const read: { period: number; knownMs: number; words: Map<string, number> }[] = [];
  for (const filing of filings) {
    const items = await warehouse.rows<{ item: string; text: string }>(
      `SELECT item, argMax(text, ingested_at) AS text FROM filing_items
       WHERE issuer_id = {issuer:String} AND accession = {accession:String} GROUP BY item ORDER BY item`,
      { issuer: filing.issuerId, accession: filing.accession },
    );
    if (items.length === 0) continue;
    const text = items.map((item) => item.text).join("\n\n");
    const period = dayNumber(filing.period);
    const words = wordCounts(text);
    const before = read.findLast(({ period: earlier }) => {
      const days = period - earlier;
      return days >= yearApart.least && days <= yearApart.most;
    });
    const values = {
      risk_tone: toneBalance(items.find(({ item }) => item === "1A")?.text ?? ""),
      report_similarity: before === undefined ? NaN : cosine(before.words, words),
      report_readability: fogIndex(text),
    };
    const of = subjectOf(filing);
    read.push({ period, knownMs: of.knownMs, words });
    // What compares two reports is known when both are: one may come years late.
    const bothMs = Math.max(of.knownMs, before?.knownMs ?? 0);
    for (const [signal, value] of Object.entries(values)) {
      const knownMs = signal === "report_similarity" ? bothMs : of.knownMs;
      if (Number.isFinite(value)) rows.push({ ...of, signal, scoreSet: "", value, knownMs });
    }
  }
  return rows;
}

function subjectOf(
  filing: Filing,
): Pick<SignalRow, "subject" | "document" | "periodEnd" | "knownMs"> {
  return {
    subject: filing.issuerId,
    document: filing.accession,
    periodEnd: dayNumber(filing.period),
    knownMs: filing.known * 1000,
  };
}

interface Proxies {
  readonly filings: number;
  readonly rows: readonly SignalRow[];
  readonly states: Readonly<Partial<Record<ScoreState, number>>>;
  readonly bought: number;
  readonly spentUsd: number | null;
}

async function readProxies(
  args: ScoreFilingsArgs,
  issuers: readonly string[],
  deps: Deps,
  signal: AbortSignal,
): Promise<Proxies> {
  const { warehouse, objects, runId, now, progress } = deps;
  const filings: Filing[] = [];
  for (const issuer of issuers) filings.push(...(await filingsOf(warehouse, issuer, ["DEF 14A"])));
  if (filings.length === 0) return { filings: 0, rows: [], states: {}, bought: 0, spentUsd: null };
  const prompt = await readPrompt("proxy-statement");
  const { model, close } = await openModel(args, deps, runId);
  try {
    const scoreSet = scoreSetOf(prompt, model);
    const parts: { filing: Filing; text: string }[] = [];
    for (const filing of filings) {
      for (const text of await textsOf(deps, filing)) parts.push({ filing, text });
    }
    const scored = await scoreAll(
      parts,
      {
        ledger: new ScoreLedger(objects, runId, now),
        model,
        budget: new Budget(args.budgetUsd, model),
        concurrency: args.concurrency,
        requestOf: ({ text }) => ({
          task: "proxy",
          text,
          prompt,
          schema: proxyAnswer,
          maxTokens: proxyTokens,
        }),
        progress: progress.start("read proxy statements", parts.length),
      },
      signal,
    );
    await putScores(
      warehouse,
      scored.items.flatMap(({ item: { filing }, key, record, state, reason }) =>
        record === undefined
          ? []
          : [
              {
                scoreKey: key,
                task: "proxy",
                subject: `${filing.issuerId} ${filing.accession}`,
                document: record.document,
                scoreSet,
                prompt: prompt.hash,
                provider: model.provider,
                model: model.model,
                state,
                reason,
                value: NaN,
                tokensIn: record.tokens_in,
                tokensOut: record.tokens_out,
                costUsd: record.cost_usd ?? NaN,
                latencyMs: record.latency_ms,
                knownMs: filing.known * 1000,
                scoredMs: Date.parse(record.scored_at),
              },
            ],
      ),
      { runId, nowMs: now() },
    );
    const byFiling = Map.groupBy(scored.items, ({ item }) => item.filing);
    const rows = [...byFiling].flatMap(([filing, own]) =>
      own.every(({ state }) => state === "scored")
        ? signalsOf(
            filing,
            scoreSet,
            own.flatMap(({ record }) => {
              const read = proxyAnswer.zod.safeParse(record?.answer);
              return read.success ? [read.data] : [];
            }),
          )
        : [],
    );
    await putTextSignals(warehouse, rows, { runId, nowMs: now() });
    signal.throwIfAborted();
    return {
      filings: filings.length,
      rows,
      states: scored.states,
      bought: scored.bought,
      spentUsd: model.price === undefined ? null : scored.spentUsd,
    };
  } finally {
    await close();
  }
}

/** Of all parts of a statement: the mean age of its directors, and the sum of what its executives were paid. */
function signalsOf(filing: Filing, scoreSet: string, answers: readonly ProxyAnswer[]): SignalRow[] {
  // Who stands in two parts is one.
  const ages = new Map(answers.flatMap(({ directors }) => directors.map((d) => [d.name, d.age])));
  const pay = new Map(
    answers.flatMap(({ executives }) => executives.map((e) => [e.name, e.total_pay])),
  );
  const sum = (values: Iterable<number>): number => [...values].reduce((all, one) => all + one, 0);
  const values = {
    board_age: ages.size === 0 ? NaN : sum(ages.values()) / ages.size,
    executive_pay: pay.size === 0 ? NaN : sum(pay.values()),
  };
  return Object.entries(values).flatMap(([signal, value]) =>
    Number.isFinite(value) ? [{ ...subjectOf(filing), signal, scoreSet, value }] : [],
  );
}

/** The text of a filing's main document in parts, from its capture. */
async function textsOf({ warehouse, objects }: Deps, filing: Filing): Promise<string[]> {
  const [document] = await warehouse.rows<{ source: string; capture: string }>(
    `SELECT source, argMax(capture, ingested_at) AS capture FROM filing_documents
     WHERE issuer_id = {issuer:String} AND accession = {accession:String} AND kind = 'main' GROUP BY source LIMIT 1`,
    { issuer: filing.issuerId, accession: filing.accession },
  );
  if (document === undefined) return [];
  const bytes = await getCapture(objects, document.source, document.capture);
  if (bytes === undefined || bytes.subarray(0, 5).toString("latin1") === "%PDF-") return [];
  const text = documentText(bytes);
  const parts: string[] = [];
  // A tenth of each part stands in the next one as well: what a cut parts is whole in one of them.
  for (let at = 0; at === 0 || at < text.length; at += Math.floor(proxyPart * 0.9)) {
    parts.push(text.slice(at, at + proxyPart));
  }
  return parts;
}
