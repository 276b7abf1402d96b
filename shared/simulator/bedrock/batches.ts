import { contentHash } from "../../objects/file-store.ts";
import type { ObjectStore } from "../../objects/object-store.ts";
import type { Reply } from "../reply.ts";
import { answerTo, type BedrockFault, type ConverseBody } from "./answer.ts";

/** What can go wrong with one record of a batch: what can with a question, and that the model is never asked. */
export type RecordFault = BedrockFault | { readonly kind: "error" };

/** Batch inference as it is simulated. */
export interface BatchesOptions {
  /** The objects of a bucket. */
  readonly bucket: (name: string) => Pick<ObjectStore, "get" | "putIfAbsent">;
  /** Looks at a job before it is over; default 1. */
  readonly looks?: number;
  /** What becomes of a record, by its number. */
  readonly fault?: (record: number) => RecordFault | undefined;
  /** The job fails with these words. */
  readonly fails?: string;
  /** Records after which it runs out of time. */
  readonly expiresAfter?: number;
  /** Default the machine's. */
  readonly clock?: () => number;
}

interface JobBody {
  readonly clientRequestToken?: string;
  readonly jobName?: string;
  readonly modelId?: string;
  readonly roleArn?: string;
  readonly modelInvocationType?: string;
  readonly inputDataConfig?: { readonly s3InputDataConfig?: { readonly s3Uri?: string } };
  readonly outputDataConfig?: { readonly s3OutputDataConfig?: { readonly s3Uri?: string } };
}

interface Job {
  readonly arn: string;
  readonly body: JobBody;
  status: string;
  message: string;
  looks: number;
  readonly submitMs: number;
  endMs: number | undefined;
}

const reply = (status: number, body: object, type?: string): Reply => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(body),
  ...(type && { headers: { "x-amzn-errortype": type } }),
});
const invalid = (message: string): Reply => reply(400, { message }, "ValidationException");

/** Records that a job has at the least. */
const fewest = 100;

/** Bucket and key of an address. */
function placeOf(uri = ""): { bucket: string; key: string } | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

/** Jobs of batch inference: `POST /model-invocation-job`, `GET /model-invocation-job/ARN`. */
export class Batches {
  readonly jobs = new Map<string, Job>();
  readonly #options: BatchesOptions;
  readonly #clock: () => number;

  constructor(options: BatchesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
  }

  /** Takes a job; the same token is the same job, and with another body a conflict. */
  create(text: string): Reply {
    const body = JSON.parse(text) as JobBody;
    const { clientRequestToken: token, roleArn = "", modelId = "", modelInvocationType } = body;
    if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(roleArn)) return invalid("Invalid role ARN.");
    if (modelId === "") return invalid("A model is required.");
    if (modelInvocationType !== "Converse") return invalid("Only Converse is simulated.");
    if (!/^[\w-]{1,63}$/.test(body.jobName ?? "")) return invalid("Invalid job name.");
    if (!placeOf(body.inputDataConfig?.s3InputDataConfig?.s3Uri)?.key.endsWith(".jsonl")) {
      return invalid("The input must be a file that ends in .jsonl.");
    }
    if (placeOf(body.outputDataConfig?.s3OutputDataConfig?.s3Uri) === undefined) {
      return invalid("The output must be an address in S3.");
    }
    const before = [...this.jobs.values()].find(
      ({ body: other }) => token !== undefined && other.clientRequestToken === token,
    );
    if (before !== undefined) {
      return JSON.stringify(before.body) === JSON.stringify(body)
        ? reply(200, { jobArn: before.arn })
        : reply(400, { message: "The token was used for another job." }, "ConflictException");
    }
    const id = contentHash(`${this.jobs.size} ${text}`).slice(0, 12);
    const arn = `arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/${id}`;
    const submitMs = this.#clock();
    const job = { arn, body, status: "Submitted", message: "", looks: 0, submitMs };
    this.jobs.set(arn, { ...job, endMs: undefined });
    return reply(200, { jobArn: arn });
  }

  /** Tells how far a job is; it is over after some looks. */
  async look(arn: string): Promise<Reply> {
    const job = this.jobs.get(arn);
    if (job === undefined) {
      return reply(404, { message: "There is no such job." }, "ResourceNotFoundException");
    }
    if (job.endMs === undefined) {
      job.looks++;
      job.status = "InProgress";
      if (job.looks > (this.#options.looks ?? 1)) {
        await this.#work(job);
        job.endMs = this.#clock();
      }
    }
    const { body, status, message, submitMs, endMs } = job;
    const iso = (ms: number): string => new Date(ms).toISOString();
    return reply(200, {
      ...body,
      jobArn: arn,
      status,
      ...(message !== "" && { message }),
      submitTime: iso(submitMs),
      lastModifiedTime: iso(endMs ?? submitMs),
      ...(endMs !== undefined && { endTime: iso(endMs) }),
    });
  }

  async #work(job: Job): Promise<void> {
    const { bucket, fault, fails, expiresAfter = Infinity } = this.#options;
    const input = placeOf(job.body.inputDataConfig!.s3InputDataConfig!.s3Uri)!;
    const output = placeOf(job.body.outputDataConfig!.s3OutputDataConfig!.s3Uri)!;
    const bytes = await bucket(input.bucket).get(input.key);
    const lines =
      bytes
        ?.toString("utf8")
        .split("\n")
        .filter((line) => line !== "") ?? [];
    job.status = "Failed";
    job.message = fails ?? "";
    if (fails !== undefined) return;
    if (lines.length < fewest) {
      job.message = `The input has ${lines.length} records, fewer than the minimum of ${fewest}.`;
      return;
    }
    const out: string[] = [];
    for (const [at, line] of lines.slice(0, expiresAfter).entries()) {
      const { recordId, modelInput } = JSON.parse(line) as {
        recordId: string;
        modelInput: ConverseBody;
      };
      const hit = fault?.(at);
      const said =
        hit?.kind === "error"
          ? { error: { errorCode: 400, errorMessage: "The model was not asked." } }
          : { modelOutput: await answerTo(modelInput, hit) };
      out.push(JSON.stringify({ recordId, modelInput, ...said }));
    }
    // Nobody promises an order.
    out.reverse();
    const folder = `${output.key.replace(/\/$/, "")}/${job.arn.split("/").at(-1)!}`;
    const name = input.key.split("/").at(-1)!;
    const store = bucket(output.bucket);
    await store.putIfAbsent(`${folder}/${name}.out`, Buffer.from(`${out.join("\n")}\n`));
    const manifest = { totalRecordCount: lines.length, processedRecordCount: out.length };
    await store.putIfAbsent(`${folder}/manifest.json.out`, Buffer.from(JSON.stringify(manifest)));
    job.status = out.length < lines.length ? "Expired" : "Completed";
  }
}
