import { randomUUID } from "node:crypto";
import PQueue from "p-queue";
import { z } from "zod";
import { acquireLease } from "../backfill/lease.ts";
import { InvalidInput, MalformedRecord } from "../errors.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { hourMs } from "../units.ts";
import {
  notesAnswer,
  proxyAnswer,
  reportAnswer,
  sentimentAnswer,
  type AnswerSchema,
} from "./answers.ts";
import { batchHours, type BedrockBatch } from "./bedrock-batch.ts";
import { converseBody, replyOf } from "./bedrock.ts";
import type { LanguageModel, TextTask } from "./model.ts";
import { batchShare } from "./models.ts";
import { dataBlock } from "./prompt.ts";
import {
  claimTtlMs,
  readScore,
  scoreClaimKey,
  type ScoreKey,
  type ScoreLedger,
  type TextRequest,
} from "./score-ledger.ts";

const version = 1;

const orderSchema = z.object({
  version: z.literal(version),
  /** Who holds the claims. */
  batch: z.string(),
  task: z.enum(["sentiment", "report-notes", "report", "proxy"]),
  prompt: z.object({ name: z.string(), hash: z.string() }),
  maxTokens: z.number(),
  model: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  ordered_at: z.string(),
  /** Key and document of each question. */
  questions: z.array(z.object({ key: z.string(), document: z.string() })),
});
type Order = z.infer<typeof orderSchema>;

const answers: Readonly<Record<TextTask, AnswerSchema<unknown>>> = {
  sentiment: sentimentAnswer,
  "report-notes": notesAnswer,
  report: reportAnswer,
  proxy: proxyAnswer,
};

const fileOf = (batch: string, name: string): string => `batches/${batch}/${name}`;

/** Claims of a batch last longer than Bedrock works at one; while it is made ready, as others. */
const batchClaimMs = (batchHours + 2) * hourMs;

/** Objects that are asked for at once. */
const atOnce = 64;

export interface BatchDeps {
  readonly objects: ObjectStore;
  readonly ledger: ScoreLedger;
  readonly model: LanguageModel;
  readonly batch: BedrockBatch;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** A question about a text alone, and what names its score. */
export interface BatchQuestion<Answer> extends ScoreKey {
  readonly request: TextRequest<Answer>;
}

/** @throws InvalidInput where objects are not in S3: Bedrock sees nothing else */
export function checkInS3({ location }: ObjectStore): void {
  if (location.startsWith("s3://")) return;
  throw new InvalidInput(
    `--batch: expected QUARRY_OBJECTS in S3, s3://bucket/prefix, got ${location}: Bedrock reads batches from there.`,
  );
}

/**
 * Orders the answers to questions as one batch: claims them for as long as Bedrock may take, writes down what is asked, and then orders it.
 * Whoever dies on the way leaves claims that lapse, or an order that `resumeBatches` goes on with; Bedrock takes it once.
 *
 * @param questions of one task, prompt and schema
 * @returns keys that were ordered; the others are claimed by somebody
 */
export async function orderBatch<Answer>(
  questions: readonly BatchQuestion<Answer>[],
  deps: BatchDeps,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { objects, model, now } = deps;
  const batch = randomUUID().replaceAll("-", "");
  const ours: BatchQuestion<Answer>[] = [];
  await each(questions, async (question) => {
    if (await claim(objects, batch, question.key)) ours.push(question);
  });
  const [first] = ours;
  if (first === undefined) return new Set();
  ours.sort((a, b) => (a.key < b.key ? -1 : 1));
  const { task, prompt, maxTokens } = first.request;
  const lines = ours.map(({ key, request }) => {
    const { text, schema } = request;
    const modelInput = converseBody({ ...request, block: dataBlock(text), schema: schema.json });
    return JSON.stringify({ recordId: key, modelInput });
  });
  const order: Order = {
    version,
    batch,
    task,
    prompt: { name: prompt.name, hash: prompt.hash },
    maxTokens,
    model: model.model,
    parameters: { ...model.parameters },
    ordered_at: new Date(now()).toISOString(),
    questions: ours.map(({ key, document }) => ({ key, document })),
  };
  await objects.putIfAbsent(fileOf(batch, "input.jsonl"), Buffer.from(`${lines.join("\n")}\n`));
  await objects.putIfAbsent(fileOf(batch, "order.json"), Buffer.from(JSON.stringify(order)));
  await submit(order, deps, signal);
  return new Set(ours.map(({ key }) => key));
}

/** Does something for many, so many at once. */
async function each<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: atOnce });
  await queue.addAll(items.map((item) => () => work(item)));
}

/** Claims a score while a batch is made ready: the death of this process ends it. @returns false when somebody else has it, or bought it */
async function claim(objects: ObjectStore, batch: string, key: string): Promise<boolean> {
  const lease = await acquireLease(objects, scoreClaimKey(key), holderOf(batch), claimTtlMs);
  if (lease === undefined) return false;
  if (lease.epoch === 1 || (await readScore(objects, key)) === undefined) return true;
  await lease.release();
  return false;
}

const holderOf = (batch: string): string => `batch/${batch}`;

/** Holds a score for as long as Bedrock may work at it, whatever becomes of our processes. @returns false when somebody else took it */
async function hold(objects: ObjectStore, batch: string, key: string): Promise<boolean> {
  return (
    (await acquireLease(objects, scoreClaimKey(key), holderOf(batch), batchClaimMs, "")) !==
    undefined
  );
}

async function release(objects: ObjectStore, batch: string, key: string): Promise<void> {
  const held = await acquireLease(objects, scoreClaimKey(key), holderOf(batch), claimTtlMs, "");
  await held?.release();
}

/**
 * Orders what was written down, once.
 *
 * @returns undefined when it was never ordered and somebody else is at a part of it now: it is given up
 */
async function submit(
  { batch, questions }: Order,
  { objects, batch: bedrock }: BatchDeps,
  signal: AbortSignal,
): Promise<string | undefined> {
  let lost = 0;
  await each(questions, async ({ key }) => {
    // All are held before it is ordered: with one that is not it never was.
    if (!(await hold(objects, batch, key))) lost++;
  });
  if (lost > 0) {
    await each(questions, ({ key }) => release(objects, batch, key));
    const end = { reason: `given up before it was ordered: ${lost} were taken by others` };
    await objects.putIfAbsent(fileOf(batch, "end.json"), Buffer.from(JSON.stringify(end)));
    return undefined;
  }
  const address = (name: string): string => `${objects.location}/${fileOf(batch, name)}`;
  const arn = await bedrock.order(batch, address("input.jsonl"), address("out/"), signal);
  await objects.putIfAbsent(fileOf(batch, "job.json"), Buffer.from(JSON.stringify({ arn })));
  return arn;
}

/** What became of the batches that were ordered. */
export interface CollectedBatches {
  /** Keys that Bedrock is at. */
  readonly ordered: ReadonlySet<string>;
  /** Scores that were written down now. */
  readonly bought: number;
  readonly spentUsd: number;
  /** Keys whose paid replies are no answers: to be asked for once more. */
  readonly said: ReadonlySet<string>;
  /** Batches that Bedrock gave up, or could not do. */
  readonly failed: readonly { readonly batch: string; readonly reason: string }[];
  /** To be called when what is to be asked once more was asked: the batches are done with. */
  readonly end: () => Promise<void>;
}

/** Brings the answers of batches that are over into the ledger, and orders what was about to be when its process died. */
export async function collectBatches(
  deps: BatchDeps,
  signal: AbortSignal,
): Promise<CollectedBatches> {
  const { objects, batch: bedrock } = deps;
  const files = new Map<string, Set<string>>();
  for await (const key of objects.list("batches/")) {
    const [, batch, name] = /^batches\/([\da-f]{32})\/(.+)$/.exec(key) ?? [];
    if (batch === undefined) continue;
    files.set(batch, (files.get(batch) ?? new Set()).add(name!));
  }
  const ordered = new Set<string>();
  const said = new Set<string>();
  const failed: { batch: string; reason: string }[] = [];
  const over: (() => Promise<void>)[] = [];
  let bought = 0;
  let spentUsd = 0;
  for (const [batch, names] of files) {
    // Without an order nothing was asked, and its claims lapse.
    if (names.has("end.json") || !names.has("order.json")) continue;
    const order = await readOrder(objects, batch);
    if (order.model !== bedrock.modelId) continue;
    const arn = names.has("job.json")
      ? (JSON.parse((await objects.get(fileOf(batch, "job.json")))!.toString()) as { arn: string })
          .arn
      : await submit(order, deps, signal);
    if (arn === undefined) continue;
    const state = await bedrock.stateOf(arn, signal);
    if (state.state === "under_way") {
      for (const { key } of order.questions) ordered.add(key);
      continue;
    }
    if (state.state === "failed") failed.push({ batch, reason: state.reason });
    const documents = new Map(order.questions.map(({ key, document }) => [key, document]));
    const settled = new Set<string>();
    // Listed after it was said to be over: all that there will be is there.
    for await (const name of objects.list(fileOf(batch, "out/"))) {
      if (!name.endsWith(".jsonl.out")) continue;
      const lines = (await objects.get(name))!.toString("utf8").split("\n");
      await each(
        lines.filter((line) => line !== ""),
        async (line) => {
          signal.throwIfAborted();
          const { recordId: key, modelOutput } = JSON.parse(line) as OutputLine;
          const document = documents.get(key);
          if (document === undefined || modelOutput === undefined) return;
          const reply = {
            ...replyOf(modelOutput, { ...modelOutput, batch: arn }),
            share: batchShare,
          };
          const asked = askedOf(order, deps.model);
          const end = await deps.ledger.settle({ key, document }, asked, reply, state);
          if (end === undefined) {
            said.add(key);
            return;
          }
          settled.add(key);
          if (end.state !== "bought") return;
          bought++;
          spentUsd += end.record.cost_usd ?? 0;
        },
      );
    }
    const open = order.questions.filter(({ key }) => !settled.has(key));
    // Whoever comes next may ask for what has no answer.
    await each(open, ({ key }) => release(objects, batch, key));
    over.push(async () => {
      const end = {
        reason: state.reason,
        answered: settled.size,
        asked_again: order.questions.filter(({ key }) => said.has(key)).length,
        unanswered: open.filter(({ key }) => !said.has(key)).length,
      };
      await objects.putIfAbsent(fileOf(batch, "end.json"), Buffer.from(JSON.stringify(end)));
    });
  }
  return {
    ordered,
    bought,
    spentUsd,
    said,
    failed,
    end: async () => {
      for (const one of over) await one();
    },
  };
}

interface OutputLine {
  readonly recordId: string;
  /** The body of Converse's answer; absent where there is an error instead. */
  readonly modelOutput?: Parameters<typeof replyOf>[0];
}

function askedOf(order: Order, model: LanguageModel) {
  const { task, prompt, maxTokens, parameters } = order;
  const { provider, price } = model;
  return {
    task,
    prompt,
    maxTokens,
    schema: answers[task],
    provider,
    model: order.model,
    parameters,
    price,
  };
}

async function readOrder(objects: ObjectStore, batch: string): Promise<Order> {
  const bytes = await objects.get(fileOf(batch, "order.json"));
  const parsed = orderSchema.safeParse(JSON.parse(bytes!.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new MalformedRecord(
    `${fileOf(batch, "order.json")}: expected an order of version ${version}.`,
  );
}
