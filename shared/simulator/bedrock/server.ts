import { Loopback, type LoopbackOptions, type Vendor } from "../loopback.ts";
import type { Reply } from "../reply.ts";
import { answerTo, type BedrockFault, type ConverseBody } from "./answer.ts";
import { Batches, type BatchesOptions } from "./batches.ts";

export type { BedrockFault, ConverseBody } from "./answer.ts";

/** One question as it came over the wire. */
export interface AskedQuestion {
  readonly modelId: string;
  readonly body: ConverseBody;
}

export interface BedrockOptions extends LoopbackOptions<BedrockFault> {
  /** Models that are enabled; all when undefined. */
  readonly models?: readonly string[];
  /** Ms that each answer takes. */
  readonly delayMs?: number;
  /** Batch inference; there is none by default. */
  readonly batches?: BatchesOptions;
  /** Is told of each question that is asked alone. */
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
 * Starts a simulated Bedrock on 127.0.0.1 that speaks Converse, and takes batches. Behind it are the word lists of the local baseline: what it answers
 * is no language model's, and is marked as simulated.
 */
export async function startBedrock(options: BedrockOptions = {}): Promise<Loopback<BedrockFault>> {
  const { models, delayMs = 0, asked, batches, ...line } = options;
  const jobs = batches && new Batches(batches);
  const vendor: Vendor<BedrockFault> = {
    subjectOf: ({ url }) => decodeURIComponent(url.pathname.split("/")[2] ?? ""),
    async answer({ url, body, method }, fault) {
      const [, kind, name = ""] = url.pathname.split("/");
      if (jobs !== undefined && kind === "model-invocation-job") {
        return method === "POST" ? jobs.create(body) : jobs.look(decodeURIComponent(name));
      }
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
      return {
        status: 200,
        contentType: json,
        body: JSON.stringify(await answerTo(question, fault)),
      };
    },
    refusal: throttling,
  };
  return Loopback.start(vendor, line);
}
