import { comparable } from "../../shared/market/universe.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { Budget } from "../../shared/text/budget.ts";
import { costOf, mostTokens } from "../../shared/text/model.ts";
import { openModel, scoreSetOf, type ModelChoice } from "../../shared/text/open-model.ts";
import { readPrompt } from "../../shared/text/prompt.ts";
import { scoreAll, type ScoreState } from "../../shared/text/score-all.ts";
import { scoreKey, ScoreLedger } from "../../shared/text/score-ledger.ts";
import { sentimentIn, sentimentRequest } from "../../shared/text/sentiment.ts";
import { putScores, type ScoreRow } from "../../shared/warehouse/tables/scores.ts";
import type { Warehouse } from "../../shared/warehouse/warehouse.ts";
import type { Deps } from "../deps.ts";

export interface ScoreNewsArgs extends ModelChoice {
  readonly from: TradingDay | undefined;
  readonly to: TradingDay | undefined;
  /** Only news of these. */
  readonly tickers: readonly string[] | undefined;
  /** File of the prompt; ours by default. */
  readonly prompt: string | undefined;
  readonly budgetUsd: number | undefined;
  readonly concurrency: number;
}

export interface ScoreNewsReport {
  readonly provider: string;
  readonly model: string;
  /** Scores that can be compared: prompt, hash and model. */
  readonly score_set: string;
  /** Stories: of articles that say nearly the same the first is scored. */
  readonly stories: number;
  readonly states: Readonly<Partial<Record<ScoreState, number>>>;
  /** Asked now; the others were there, or could not be bought. */
  readonly bought: number;
  readonly spent_usd: number | null;
  /** The first of what has no score. */
  readonly unscored: readonly {
    readonly story: string;
    readonly state: string;
    readonly reason: string;
  }[];
}

/** What scoring would take. */
export interface ScoreNewsPlan {
  readonly provider: string;
  readonly model: string;
  readonly score_set: string;
  readonly stories: number;
  readonly held: number;
  /** At the most. */
  readonly tokens: { readonly in: number; readonly out: number };
  /** At the most; null where nobody knows the price. */
  readonly dollars: number | null;
  /** By the lane's budget; null without a lane. */
  readonly minutes: number | null;
}

interface Story {
  readonly id: string;
  readonly text: string;
  readonly knownMs: number;
}

/** What scoring the news would take; nothing is asked. */
export async function plan(args: ScoreNewsArgs, deps: Deps): Promise<ScoreNewsPlan> {
  const { warehouse, objects, runId, now } = deps;
  const prompt = await readPrompt("news-sentiment", args.prompt);
  const { model, tokensPerMinute, close } = await openModel(args, deps, undefined);
  await close();
  // What can't be bought is refused before it is planned.
  new Budget(args.budgetUsd, model);
  const ledger = new ScoreLedger(objects, runId, now);
  const stories = await storiesOf(warehouse, args);
  let held = 0;
  const tokens = { in: 0, out: 0 };
  for (const { text } of stories) {
    const request = sentimentRequest(text, prompt);
    if (await ledger.held(scoreKey(request, model).key)) {
      held++;
      continue;
    }
    const most = mostTokens(request);
    tokens.in += most.in;
    tokens.out += most.out;
  }
  return {
    provider: model.provider,
    model: model.model,
    score_set: scoreSetOf(prompt, model),
    stories: stories.length,
    held,
    tokens,
    dollars: costOf(model.price, tokens.in, tokens.out),
    minutes: tokensPerMinute === undefined ? null : (tokens.in + tokens.out) / tokensPerMinute,
  };
}

/** Scores the sentiment of news, each story once. */
export async function run(
  args: ScoreNewsArgs,
  deps: Deps,
  signal: AbortSignal,
): Promise<ScoreNewsReport> {
  const { warehouse, objects, runId, now, progress } = deps;
  const prompt = await readPrompt("news-sentiment", args.prompt);
  const { model, close } = await openModel(args, deps, runId);
  try {
    const budget = new Budget(args.budgetUsd, model);
    const stories = await storiesOf(warehouse, args);
    const task = progress.start("score news", stories.length);
    const scored = await scoreAll(
      stories,
      {
        ledger: new ScoreLedger(objects, runId, now),
        model,
        budget,
        concurrency: args.concurrency,
        requestOf: ({ text }) => sentimentRequest(text, prompt),
        progress: task,
      },
      signal,
    );
    task.end();
    const scoreSet = scoreSetOf(prompt, model);
    const rows = scored.items.flatMap(({ item, key, record, state, reason }): ScoreRow[] =>
      record === undefined && state !== "too_long"
        ? []
        : [
            {
              scoreKey: key,
              task: "sentiment",
              subject: item.id,
              document: record?.document ?? "",
              scoreSet,
              prompt: prompt.hash,
              provider: model.provider,
              model: model.model,
              state,
              reason,
              value: sentimentIn(record),
              tokensIn: record?.tokens_in ?? 0,
              tokensOut: record?.tokens_out ?? 0,
              costUsd: record?.cost_usd ?? NaN,
              latencyMs: record?.latency_ms ?? 0,
              knownMs: item.knownMs,
              scoredMs: record === undefined ? now() : Date.parse(record.scored_at),
            },
          ],
    );
    await putScores(warehouse, rows, { runId, nowMs: now() });
    signal.throwIfAborted();
    return {
      provider: model.provider,
      model: model.model,
      score_set: scoreSet,
      stories: stories.length,
      states: scored.states,
      bought: scored.bought,
      spent_usd: model.price === undefined ? null : scored.spentUsd,
      unscored: scored.items
        .filter(({ state }) => state !== "scored")
        .slice(0, 10)
        .map(({ item, state, reason }) => ({ story: item.id, state, reason })),
    };
  } finally {
    await close();
  }
}

/** The first article of each story that is about a security, oldest first. */
async function storiesOf(
  warehouse: Warehouse,
  { from, to, tickers }: ScoreNewsArgs,
): Promise<Story[]> {
  const rows = await warehouse.rows<{ id: string; text: string; at: number }>(
    `SELECT article_id AS id, concat(title, '\\n\\n', text) AS text, toUnixTimestamp(known_at) AS at
     FROM articles FINAL
     WHERE article_id IN (
         SELECT story FROM articles WHERE article_id IN (
           SELECT article_id FROM article_links
           WHERE {all:UInt8} = 1 OR security_id IN (
             SELECT security_id FROM tickers WHERE replaceAll(upper(ticker), '-', '.') IN {tickers:Array(String)})))
       AND known_at >= toDateTime({from:String}, 'America/New_York') AND known_at < toDateTime({to:String}, 'America/New_York') + INTERVAL 1 DAY
     ORDER BY known_at, article_id`,
    {
      all: tickers === undefined ? 1 : 0,
      tickers: (tickers ?? []).map(comparable),
      from: `${from ?? "1970-01-02"} 00:00:00`,
      to: `${to ?? "2100-01-01"} 00:00:00`,
    },
  );
  return rows.map(({ id, text, at }) => ({ id, text, knownMs: at * 1000 }));
}
