import { sentimentAnswer } from "./answers.ts";
import type { Prompt } from "./prompt.ts";
import type { TextRequest } from "./score-ledger.ts";
import type { ScoreRecord } from "./score-record.ts";

/** Room for `{"sentiment": -0.25}`, and for a model that is fond of spaces. */
const answerTokens = 64;

/** The question for a text's sentiment. */
export function sentimentRequest(text: string, prompt: Prompt): TextRequest<{ sentiment: number }> {
  return { task: "sentiment", text, prompt, schema: sentimentAnswer, maxTokens: answerTokens };
}

/** A score's sentiment on [-1, 1]; NaN where it has none. */
export function sentimentIn(record: ScoreRecord | undefined): number {
  const read = sentimentAnswer.zod.safeParse(record?.answer);
  return read.success ? read.data.sentiment : NaN;
}
