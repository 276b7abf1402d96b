import { localModel } from "../../text/local/local-model.ts";
import { estimateTokens, type TextTask } from "../../text/model.ts";

/** Failures of the model, on request. */
export type BedrockFault =
  /** It says something that is not what was asked for. */
  | { readonly kind: "answer"; readonly text: string }
  /** It, or a filter, would not answer. */
  | { readonly kind: "refusal" }
  /** There was no room for the whole answer. */
  | { readonly kind: "cut-answer" };

/** The part of Converse's body that is looked at. */
export interface ConverseBody {
  readonly system?: readonly { readonly text?: string }[];
  readonly messages: readonly {
    readonly role: string;
    readonly content: readonly { readonly text?: string; readonly document?: unknown }[];
  }[];
  readonly inferenceConfig?: { readonly maxTokens?: number };
  readonly outputConfig?: {
    readonly textFormat?: {
      readonly structure?: { readonly jsonSchema?: { readonly schema?: string } };
    };
  };
}

/** The body of Converse's answer: what the word lists say, or a failure of the model. */
export async function answerTo(
  question: ConverseBody,
  fault: BedrockFault | undefined,
): Promise<object> {
  const text = fault?.kind === "answer" ? fault.text : await wordsFor(question);
  const stopReason =
    fault?.kind === "refusal"
      ? "content_filtered"
      : fault?.kind === "cut-answer"
        ? "max_tokens"
        : "end_turn";
  const said =
    fault?.kind === "refusal" ? "" : fault?.kind === "cut-answer" ? text.slice(0, 5) : text;
  const inputTokens = estimateTokens(JSON.stringify(question));
  const outputTokens = estimateTokens(said);
  return {
    output: { message: { role: "assistant", content: [{ text: said }] } },
    stopReason,
    usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
    metrics: { latencyMs: 1 },
  };
}

/** What the word lists say to the text between the marks. */
async function wordsFor({ messages, outputConfig }: ConverseBody): Promise<string> {
  const schema = outputConfig?.textFormat?.structure?.jsonSchema?.schema ?? "";
  const task: TextTask = schema.includes('"sentiment"')
    ? "sentiment"
    : schema.includes('"notes"')
      ? "report-notes"
      : schema.includes('"directors"')
        ? "proxy"
        : "report";
  const whole = messages[0]!.content.map(({ text = "" }) => text).join("\n");
  const text = /<(data-[\da-f]{16})>\n([\s\S]*)\n<\/\1>/.exec(whole)?.[2] ?? whole;
  const { text: said } = await localModel.ask(
    {
      task,
      prompt: { name: "", hash: "", before: "", after: "" },
      block: { open: "", text, close: "" },
      schema: {},
      maxTokens: 0,
    },
    new AbortController().signal,
  );
  return said;
}
