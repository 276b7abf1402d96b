import { Budget } from "../../shared/text/budget.ts";
import { batchShare } from "../../shared/text/models.ts";
import { costOf, mostTokens } from "../../shared/text/model.ts";
import { InvalidInput } from "../../shared/errors.ts";
import type { ModelChoice } from "../../shared/text/chosen-model.ts";
import { openModel, scoreSetOf } from "../../shared/text/open-model.ts";
import { readPrompt } from "../../shared/text/prompt.ts";
import type { ByBatchOptions, ScoredByBatch } from "../../shared/text/batch/score-by-batch.ts";
import { scoreAll, type Scored, type ScoreState } from "../../shared/text/score-all.ts";
import { scoreKey, ScoreLedger } from "../../shared/text/score-ledger.ts";
import { sentimentRequest } from "../../shared/text/sentiment.ts";
import { secondMs } from "../../shared/units.ts";
import { putScores } from "../../shared/warehouse/tables/scores.ts";
import type { Deps } from "../deps.ts";
import { scoreRowsOf } from "./score-rows.ts";
import { storiesOf, type Story, type StoryFilter } from "./stories.ts";

export interface ScoreNewsArgs extends ModelChoice, StoryFilter {
  /** File of the prompt; ours by default. */
  readonly prompt: string | undefined;
  readonly budgetUsd: number | undefined;
  readonly concurrency: number;
  /** As batches, at half the price, some hours later; false by default. */
  readonly batch?: boolean | undefined;
  /** Stays until batches are done. */
  readonly wait?: boolean | undefined;
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
  /** Batches that Bedrock could not do, and why. */
  readonly failed_batches?: readonly { readonly batch: string; readonly reason: string }[];
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
  const dollars = costOf(model.price, tokens.in, tokens.out);
  return {
    provider: model.provider,
    model: model.model,
    score_set: scoreSetOf(prompt, model),
    stories: stories.length,
    held,
    tokens,
    dollars: dollars === null ? null : dollars * (args.batch ? batchShare : 1),
    // Nobody says how long a batch takes.
    minutes:
      args.batch || tokensPerMinute === undefined
        ? null
        : (tokens.in + tokens.out) / tokensPerMinute,
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
    const asked = {
      ledger: new ScoreLedger(objects, runId, now),
      model,
      budget,
      concurrency: args.concurrency,
      requestOf: ({ text }: Story) => sentimentRequest(text, prompt),
      progress: task,
    };
    const scored: Scored<Story> & Partial<ScoredByBatch<Story>> = args.batch
      ? await byBatch(stories, asked, args, deps, signal)
      : await scoreAll(stories, asked, signal);
    task.end();
    const scoreSet = scoreSetOf(prompt, model);
    const rows = scoreRowsOf(scored, prompt, model, now());
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
      ...(scored.failed && { failed_batches: scored.failed }),
      unscored: scored.items
        .filter(({ state }) => state !== "scored")
        .slice(0, 10)
        .map(({ item, state, reason }) => ({ story: item.id, state, reason })),
    };
  } finally {
    await close();
  }
}

async function byBatch(
  stories: readonly Story[],
  asked: Omit<ByBatchOptions<Story, { sentiment: number }>, "objects" | "batch" | "now">,
  { wait }: ScoreNewsArgs,
  { objects, settings, now }: Deps,
  signal: AbortSignal,
): Promise<ScoredByBatch<Story>> {
  const { model, provider } = asked.model;
  if (provider !== "bedrock") {
    throw new InvalidInput("--batch: expected a model of Bedrock; word lists answer at once.");
  }
  const [{ bedrockBatch }, { scoreByBatch }] = await Promise.all([
    import("../../shared/text/bedrock-batch.ts"),
    import("../../shared/text/batch/score-by-batch.ts"),
  ]);
  const batch = bedrockBatch({
    modelId: model,
    region: settings.get("awsRegion"),
    roleArn: settings.get("bedrockBatchRole"),
  });
  const waitMs = wait ? settings.number("pollSeconds", 0.01, 3600) * secondMs : undefined;
  return scoreByBatch(stories, { ...asked, objects, batch, now, waitMs }, signal);
}
