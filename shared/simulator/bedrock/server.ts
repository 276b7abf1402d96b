import { localModel } from "../../text/local/local-model.ts";
import { estimateTokens, type TextTask } from "../../text/model.ts";
import { Loopback, type LoopbackOptions, type Vendor } from "../loopback.ts";
import type { Reply } from "../reply.ts";

/** Failures of the model, on request. */
export type BedrockFault =
  /** It says something that is not what was asked for. */
  | { readonly kind: "answer"; readonly text: string }
  /** It, or a filter, would not answer. */
  | { readonly kind: "refusal" }
  /** There was no room for the whole answer. */
  | { readonly kind: "cut-answer" };

/** One question as it came over the wire. */
export interface AskedQuestion {
  readonly modelId: string;
  readonly body: ConverseBody;
}

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

export interface BedrockOptions extends LoopbackOptions<BedrockFault> {
  /** Models that are enabled; all when undefined. */
  readonly models?: readonly string[];
  /** Ms that each answer takes. */
  readonly delayMs?: number;
  /** Is told of each question. */
  readonly asked?: (question: AskedQuestion) => void;
}

const json = "application/json";
const failure = (status: number, type: string, message: string): Reply => ({
  status,
  contentType: json,
  body: JSON.stringify({ message }),
  headers: { "x-amzn-errortype": type },
});

/** What Bedrock says when it is asked too much. */
export const throttling = failure(
  429,
  "ThrottlingException",
  "Too many tokens, please wait before trying again.",
);

/**
 * Starts a simulated Bedrock on 127.0.0.1 that speaks Converse. Behind it are the word lists of the local baseline: what it answers
 * is no language model's, and is marked as simulated.
 */
export async function startBedrock(options: BedrockOptions = {}): Promise<Loopback<BedrockFault>> {
  const { models, delayMs = 0, asked, ...line } = options;
  const vendor: Vendor<BedrockFault> = {
    subjectOf: ({ url }) => decodeURIComponent(url.pathname.split("/")[2] ?? ""),
    async answer({ url, body, method }, fault) {
      const modelId = decodeURIComponent(
        /^\/model\/([^/]+)\/converse$/.exec(url.pathname)?.[1] ?? "",
      );
      if (method !== "POST" || modelId === "") {
        return failure(404, "ResourceNotFoundException", "There is nothing here.");
      }
      if (models !== undefined && !models.includes(modelId)) {
        return failure(
          403,
          "AccessDeniedException",
          "You don't have access to the model with the specified model ID.",
        );
      }
      const question = JSON.parse(body) as ConverseBody;
      asked?.({ modelId, body: question });
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      return answer(question, body, fault);
    },
    refusal: throttling,
  };
  return Loopback.start(vendor, line);
}

async function answer(
  question: ConverseBody,
  body: string,
  fault: BedrockFault | undefined,
): Promise<Reply> {
  const text = fault?.kind === "answer" ? fault.text : await wordsFor(question);
  const stopReason =
    fault?.kind === "refusal"
      ? "content_filtered"
      : fault?.kind === "cut-answer"
        ? "max_tokens"
        : "end_turn";
  const said =
    fault?.kind === "refusal" ? "" : fault?.kind === "cut-answer" ? text.slice(0, 5) : text;
  const [inputTokens, outputTokens] = [estimateTokens(body), estimateTokens(said)];
  return {
    status: 200,
    contentType: json,
    body: JSON.stringify({
      output: { message: { role: "assistant", content: [{ text: said }] } },
      stopReason,
      usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      metrics: { latencyMs: 1 },
    }),
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
