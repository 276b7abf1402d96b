import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ContentBlock,
  type ConverseCommandOutput,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { InvalidInput, SourceRejected, SourceUnavailable } from "../errors.ts";
import { secondMs } from "../units.ts";
import { mostTokens, type LanguageModel, type ModelReply, type ModelRequest } from "./model.ts";
import { knownModel } from "./models.ts";
import { dataRule } from "./prompt.ts";

export interface BedrockOptions {
  /** Id of a model or of an inference profile. */
  readonly modelId: string;
  /** The SDK's own when undefined. */
  readonly region: string | undefined;
  /** Runs a question when the lane allows it. */
  readonly lane?: <Reply>(
    tokens: number,
    ask: () => Promise<Reply>,
    taken: (reply: Reply) => number,
    signal: AbortSignal,
  ) => Promise<Reply>;
}

/** Characters of English that a token holds at least, for the size of what a model reads at once. */
const charactersPerToken = 3;

/** A model of Amazon Bedrock, by Converse. */
export function bedrockModel({ modelId, region, lane }: BedrockOptions): LanguageModel {
  if (modelId.trim() === "")
    throw new InvalidInput("BEDROCK_MODEL_ID: expected a model, got none.");
  // The lane tries again; the SDK's own tries would not be counted.
  const client = new BedrockRuntimeClient({
    maxAttempts: 1,
    ...(region && { region }),
    // One connection of HTTP/2 takes a hundred questions at once, and proxies and recordings speak HTTP/1.1.
    requestHandler: new NodeHttpHandler({
      httpsAgent: { maxSockets: 600 },
      httpAgent: { maxSockets: 600 },
    }),
  });
  const known = knownModel(modelId);
  return {
    provider: "bedrock",
    model: modelId,
    parameters: { temperature: 0 },
    price: known?.price,
    takesPdf: known?.takesPdf ?? false,
    // Half of what it reads: there are instructions, and an answer.
    mostCharacters: ((known?.contextTokens ?? 32_000) / 2) * charactersPerToken,
    ask(request, signal) {
      const ask = (): Promise<ModelReply> => converse(client, modelId, request, signal);
      if (lane === undefined) return ask();
      const most = mostTokens({ ...request, text: request.block.text });
      return lane(
        most.in + most.out,
        ask,
        ({ tokensIn, tokensOut }) => tokensIn + tokensOut,
        signal,
      );
    },
  };
}

/** The body of a request as Converse takes it: instructions, the text between its marks, instructions. */
export function converseBody(request: ModelRequest) {
  const { prompt, block, schema, maxTokens, again, pdf } = request;
  const part = (text: string): ContentBlock[] => (text === "" ? [] : [{ text }]);
  const content: ContentBlock[] = [
    ...part(prompt.before),
    // Instructions are the same for many texts: a model that can keeps them.
    { text: `${block.open}\n${block.text}\n${block.close}` },
    ...(pdf === undefined
      ? []
      : [
          {
            document: { format: "pdf" as const, name: "scanned pages", source: { bytes: pdf } },
          },
        ]),
    ...part(prompt.after),
  ];
  return {
    system: [{ text: dataRule }],
    messages: [
      { role: "user" as const, content },
      ...(again === undefined
        ? []
        : [
            {
              role: "assistant" as const,
              content: [{ text: again.answer.trim() === "" ? "{}" : again.answer }],
            },
            {
              role: "user" as const,
              content: [
                { text: `That is not the JSON that was asked for. ${again.problem} Answer again.` },
              ],
            },
          ]),
    ],
    inferenceConfig: { maxTokens, temperature: 0 },
    outputConfig: {
      textFormat: {
        type: "json_schema" as const,
        structure: { jsonSchema: { name: "answer", schema: JSON.stringify(schema) } },
      },
    },
  };
}

async function converse(
  client: BedrockRuntimeClient,
  modelId: string,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<ModelReply> {
  let output: ConverseCommandOutput;
  try {
    output = await client.send(new ConverseCommand({ modelId, ...converseBody(request) }), {
      abortSignal: signal,
    });
  } catch (thrown) {
    signal.throwIfAborted();
    throw bedrockFailure(thrown, modelId);
  }
  const { $metadata, ...raw } = output;
  return replyOf(output, { ...raw, requestId: $metadata.requestId ?? null });
}

/** The body of Converse's answer as a reply. */
export function replyOf(
  { stopReason, usage, output }: Omit<ConverseCommandOutput, "$metadata" | "metrics">,
  raw: unknown,
): ModelReply {
  const text = (output?.message?.content ?? []).flatMap((block) => block.text ?? []).join("");
  const end =
    stopReason === "content_filtered" || stopReason === "guardrail_intervened"
      ? "refused"
      : stopReason === "max_tokens" || stopReason === "model_context_window_exceeded"
        ? "cut"
        : "answered";
  return {
    end,
    text,
    tokensIn: usage?.inputTokens ?? 0,
    tokensOut: usage?.outputTokens ?? 0,
    tokensCached: usage?.cacheReadInputTokens ?? 0,
    raw,
  };
}

const throttled = /^(Throttling|TooManyRequests|ServiceQuotaExceeded)/;
const down =
  /^(ServiceUnavailable|InternalServer|ModelTimeout|ModelNotReady|ModelError|TimeoutError|NetworkingError)/;
const noAnswer = /^E(CONN|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|AI_)/;

/** A failure of Bedrock as one of ours: what came, and what to do. */
export function bedrockFailure(thrown: unknown, modelId: string): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const {
    name,
    message,
    code = "",
    $metadata,
    $response,
  } = thrown as Error & {
    code?: string;
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string> };
  };
  const status = $metadata?.httpStatusCode;
  const what = `${name}: ${message}`;
  const retryAfter = Number($response?.headers?.["retry-after"]);
  const retryAfterMs = retryAfter > 0 ? retryAfter * secondMs : undefined;
  if (throttled.test(name) || status === 429 || /too many tokens/i.test(message)) {
    return new SourceUnavailable(`Bedrock throttles ${modelId} (${what}).`, {
      cause: thrown,
      throttled: true,
      retryAfterMs,
    });
  }
  if (down.test(name) || noAnswer.test(code) || (status !== undefined && status >= 500)) {
    return new SourceUnavailable(`Bedrock does not answer for ${modelId} (${what}).`, {
      cause: thrown,
      retryAfterMs,
    });
  }
  const rejected = (text: string): SourceRejected => new SourceRejected(text, { cause: thrown });
  if (/ProviderError$/.test(name) || /Could not load credentials/i.test(message)) {
    return rejected(
      `There are no AWS credentials for Bedrock (${what}): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`,
    );
  }
  if (message === "Region is missing") {
    return rejected("Bedrock is in no known region: set AWS_REGION to one that has the model.");
  }
  if (/^(UnrecognizedClient|ExpiredToken|InvalidSignature|IncompleteSignature)/.test(name)) {
    return rejected(`Bedrock does not take the AWS credentials (${what}): get new ones.`);
  }
  if (name === "AccessDeniedException" || status === 403) {
    return rejected(
      `Bedrock does not give access to ${modelId} (${what}): enable the model in this region's console, and let the role invoke it.`,
    );
  }
  if (/on-demand throughput isn.t supported/i.test(message)) {
    return rejected(
      `${modelId} is only served by an inference profile (${what}): set BEDROCK_MODEL_ID to its id, such as us.${modelId}.`,
    );
  }
  if (name === "ResourceNotFoundException" || status === 404) {
    return rejected(
      `Bedrock has no ${modelId} in this region (${what}): check BEDROCK_MODEL_ID and AWS_REGION; a model at its end of life is gone.`,
    );
  }
  if (name === "ValidationException" || status === 400) {
    return rejected(`Bedrock does not take the request for ${modelId} (${what}).`);
  }
  return thrown;
}
