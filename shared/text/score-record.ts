import { z } from "zod";
import { MalformedRecord } from "../errors.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { ModelReply } from "./model.ts";

/** Of scores that this code writes. */
export const scoreVersion = 1;

export const scoreSchema = z.object({
  version: z.literal(scoreVersion),
  key: z.string(),
  task: z.enum(["sentiment", "report-notes", "report", "proxy"]),
  /** Content hash of the text, with that of the pages that were sent as PDF. */
  document: z.string(),
  prompt: z.object({ name: z.string(), hash: z.string() }),
  schema: z.string(),
  provider: z.string(),
  model: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  /** Only what is `scored` has an answer. */
  state: z.enum(["scored", "refused", "invalid"]),
  /** Why it is not scored; empty when it is. */
  reason: z.string(),
  answer: z.unknown(),
  /** What the model said, try by try, as the vendor sent it. */
  replies: z.array(z.unknown()),
  tokens_in: z.number(),
  tokens_out: z.number(),
  tokens_cached: z.number(),
  /** Null where nobody knows the price. */
  cost_usd: z.number().nullable(),
  latency_ms: z.number(),
  /** ISO 8601, UTC. */
  scored_at: z.string(),
  run_id: z.string(),
});

/** One score, bought once: what was asked of which model, what it said, and what it cost. */
export type ScoreRecord = z.infer<typeof scoreSchema>;

/** What names a score. */
export interface ScoreKey {
  readonly key: string;
  /** Content hash of the text, with that of the pages that are sent as PDF. */
  readonly document: string;
}

/** The claim of whoever buys a score. */
export const scoreClaimKey = (key: string): string =>
  `claims/scores/${key.slice(0, 2)}/${key}.json`;

/** What a model said first, where that is no answer, until it was asked once more. */
const saidKey = (key: string): string => `scores/${key.slice(0, 2)}/${key}.said.json`;

const replySchema = z.object({
  end: z.enum(["answered", "refused", "cut"]),
  text: z.string(),
  tokensIn: z.number(),
  tokensOut: z.number(),
  tokensCached: z.number(),
  raw: z.unknown(),
  share: z.number().optional(),
});

const recordKey = (key: string): string => `scores/${key.slice(0, 2)}/${key}.json`;

/** A score by its key; undefined when it was never bought. */
export async function readScore(
  objects: ObjectStore,
  key: string,
): Promise<ScoreRecord | undefined> {
  const bytes = await objects.get(recordKey(key));
  if (bytes === undefined) return undefined;
  const parsed = scoreSchema.safeParse(JSON.parse(bytes.toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new MalformedRecord(`${recordKey(key)}: expected a score of version ${scoreVersion}.`);
}

/**
 * Writes a score down, once.
 *
 * @returns false when another stands there already
 */
export function putScore(objects: ObjectStore, record: ScoreRecord): Promise<boolean> {
  return objects.putIfAbsent(recordKey(record.key), Buffer.from(`${JSON.stringify(record)}\n`));
}

/** Keeps what a model said to a question, where that is paid and no answer: it is not paid again. */
export async function keepReply(
  objects: ObjectStore,
  key: string,
  reply: ModelReply,
): Promise<void> {
  await objects.putIfAbsent(saidKey(key), Buffer.from(JSON.stringify(reply)));
}

/** What a model said to a question before, and that is no answer; undefined when nothing. */
export async function keptReply(
  objects: ObjectStore,
  key: string,
): Promise<ModelReply | undefined> {
  const bytes = await objects.get(saidKey(key));
  if (bytes === undefined) return undefined;
  const { share, ...reply } = replySchema.parse(JSON.parse(bytes.toString("utf8")));
  return { ...reply, ...(share !== undefined && { share }) };
}

/** Keys of scores that begin with some letters. */
export async function* scoreKeys(objects: ObjectStore, prefix = ""): AsyncGenerator<string> {
  const folder = prefix.length >= 2 ? `scores/${prefix.slice(0, 2)}/${prefix}` : "scores/";
  for await (const key of objects.list(folder)) {
    const [, name] = /\/([^/.]+)\.json$/.exec(key) ?? [];
    if (name?.startsWith(prefix)) yield name;
  }
}
