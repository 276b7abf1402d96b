import type { LanguageModel } from "../../shared/text/model.ts";
import { scoreSetOf } from "../../shared/text/open-model.ts";
import type { Prompt } from "../../shared/text/prompt.ts";
import type { Scored } from "../../shared/text/score-all.ts";
import { sentimentIn } from "../../shared/text/sentiment.ts";
import type { ScoreRow } from "../../shared/warehouse/tables/scores.ts";
import type { Story } from "./stories.ts";

/** What became of stories as rows; those that can be asked for later have none. */
export function scoreRowsOf(
  { items }: Scored<Story>,
  prompt: Prompt,
  model: Pick<LanguageModel, "provider" | "model">,
  nowMs: number,
): ScoreRow[] {
  const scoreSet = scoreSetOf(prompt, model);
  return items
    .filter(({ record, state }) => record !== undefined || state === "too_long")
    .map(({ item, key, record, state, reason }) => ({
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
      scoredMs: record === undefined ? nowMs : Date.parse(record.scored_at),
    }));
}
