import PQueue from "p-queue";
import { z } from "zod";
import { MalformedRecord } from "../../errors.ts";
import type { ObjectStore } from "../../objects/object-store.ts";
import type { BedrockBatch } from "../bedrock-batch.ts";
import type { LanguageModel } from "../model.ts";
import type { ScoreLedger } from "../score-ledger.ts";

const version = 1;

const orderSchema = z.object({
  version: z.literal(version).default(version),
  /** Who holds the claims. */
  batch: z.string(),
  task: z.enum(["sentiment", "report-notes", "report", "proxy"]),
  prompt: z.object({ name: z.string(), hash: z.string() }),
  /** Hash of the answer's JSON schema. */
  schema: z.string(),
  maxTokens: z.number(),
  model: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  ordered_at: z.string(),
  /** Key and document of each question. */
  questions: z.array(z.object({ key: z.string(), document: z.string() })),
});

/** What was asked as one batch: written down before it is sent. */
export type BatchOrder = z.output<typeof orderSchema>;

/** What ordering and collecting batches needs. */
export interface BatchDeps {
  readonly objects: ObjectStore;
  readonly ledger: ScoreLedger;
  readonly model: LanguageModel;
  readonly batch: BedrockBatch;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** The key of a batch's file. */
export const fileOf = (batch: string, name: string): string => `batches/${batch}/${name}`;

export async function putOrder(
  objects: ObjectStore,
  order: Omit<BatchOrder, "version">,
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify({ version, ...order }));
  await objects.putIfAbsent(fileOf(order.batch, "order.json"), bytes);
}

/** @throws MalformedRecord for one that this code can't read */
export async function getOrder(objects: ObjectStore, batch: string): Promise<BatchOrder> {
  const key = fileOf(batch, "order.json");
  const parsed = orderSchema.safeParse(JSON.parse((await objects.get(key))!.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new MalformedRecord(`${key}: expected an order of version ${version}.`);
}

/** Objects that are asked for at once. */
const atOnce = 64;

/** Does something for many, so many at once. */
export async function each<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: atOnce });
  await queue.addAll(items.map((item) => () => work(item)));
}
