import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  type GetModelInvocationJobCommandOutput,
} from "@aws-sdk/client-bedrock";
import { InvalidInput } from "../errors.ts";
import { bedrockFailure } from "./bedrock.ts";

/** Questions that Bedrock takes as a batch at the least. */
export const fewestInBatch = 100;

/** Hours after which Bedrock gives a batch up. */
export const batchHours = 24;

export interface BedrockBatchOptions {
  readonly modelId: string;
  /** The SDK's own when undefined. */
  readonly region: string | undefined;
  /** The role that Bedrock reads questions and writes answers as. */
  readonly roleArn: string | undefined;
}

/** A job of Bedrock, as it is now. */
export interface BatchState {
  readonly state: "under_way" | "ended" | "failed";
  /** Bedrock's word and what it says about it. */
  readonly reason: string;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** Batch inference of one model: many questions at half the price, some hours later. */
export interface BedrockBatch {
  readonly modelId: string;
  /**
   * Orders the answers to a file of questions.
   *
   * @param token the same one orders once, however often it is called
   * @param input s3:// address of the questions, one a line
   * @param output s3:// address of the folder for answers
   * @returns ARN of the job
   */
  order(token: string, input: string, output: string, signal: AbortSignal): Promise<string>;
  /** How far a job is. */
  stateOf(jobArn: string, signal: AbortSignal): Promise<BatchState>;
}

/**
 * Opens batch inference.
 *
 * @throws InvalidInput without a role
 */
export function bedrockBatch({ modelId, region, roleArn }: BedrockBatchOptions): BedrockBatch {
  if (roleArn === undefined) {
    throw new InvalidInput(
      "BEDROCK_BATCH_ROLE_ARN is not set: expected the role that Bedrock reads questions and writes answers as (pulumi stack output bedrockBatchRole).",
    );
  }
  const client = new BedrockClient({ maxAttempts: 4, ...(region && { region }) });
  const ask = async <Reply>(send: () => Promise<Reply>, signal: AbortSignal): Promise<Reply> => {
    try {
      return await send();
    } catch (thrown) {
      signal.throwIfAborted();
      throw bedrockFailure(thrown, `batches of ${modelId}`);
    }
  };
  return {
    modelId,
    async order(token, input, output, signal) {
      const command = new CreateModelInvocationJobCommand({
        jobName: `quarry-${token}`,
        clientRequestToken: token,
        modelId,
        roleArn,
        modelInvocationType: "Converse",
        inputDataConfig: { s3InputDataConfig: { s3Uri: input, s3InputFormat: "JSONL" } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: output } },
        timeoutDurationInHours: batchHours,
      });
      const { jobArn } = await ask(() => client.send(command, { abortSignal: signal }), signal);
      return jobArn!;
    },
    async stateOf(jobArn, signal) {
      const command = new GetModelInvocationJobCommand({ jobIdentifier: jobArn });
      return stateIn(await ask(() => client.send(command, { abortSignal: signal }), signal));
    },
  };
}

function stateIn({
  status,
  message = "",
  submitTime,
  endTime,
  lastModifiedTime,
}: GetModelInvocationJobCommandOutput): BatchState {
  const startedMs = submitTime?.getTime() ?? 0;
  const endedMs = (endTime ?? lastModifiedTime ?? submitTime)?.getTime() ?? 0;
  const word = status ?? "";
  const reason = message === "" ? word : `${word}: ${message}`;
  // What is done of a batch that ran out of time, or was stopped, is paid and there.
  const ended = ["Completed", "PartiallyCompleted", "Expired", "Stopped"].includes(word);
  const state = ended ? "ended" : status === "Failed" ? "failed" : "under_way";
  return { state, reason, startedMs, endedMs };
}
