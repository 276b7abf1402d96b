import { systemClock, type Clock } from "../../clock.ts";
import { Failed, InvalidInput } from "../../errors.ts";
import { fewestInBatch, type BedrockBatch } from "../bedrock-batch.ts";
import { mostTokens } from "../model.ts";
import { batchShare } from "../models.ts";
import { each, type BatchDeps } from "./batch-order.ts";
import { collectBatches, type CollectedBatches } from "./collect-batches.ts";
import { orderBatch, type BatchQuestion } from "./order-batch.ts";
import {
  scoreAll,
  statesIn,
  type ScoreAllOptions,
  type Scored,
  type ScoreState,
} from "../score-all.ts";
import { scoreKey, type TextRequest } from "../score-ledger.ts";
import type { ScoreRecord } from "../score-record.ts";

/** Questions of one batch: its answers are held at once when it is collected. */
const mostInBatch = 10_000;

/** How questions are asked as batches. */
export interface ByBatchOptions<Item, Answer> extends ScoreAllOptions<Item, Answer> {
  /** Of texts alone. */
  readonly requestOf: (item: Item) => TextRequest<Answer>;
  readonly objects: BatchDeps["objects"];
  readonly batch: BedrockBatch;
  readonly now: () => number;
  /** Ms between two looks, to stay until Bedrock is done; undefined to come again. */
  readonly waitMs?: number | undefined;
  readonly clock?: Clock;
}

/** What became of questions, those that were ordered and collected included. */
export interface ScoredByBatch<Item> extends Scored<Item> {
  /** Batches that Bedrock could not do. */
  readonly failed: CollectedBatches["failed"];
}

type Ends<Item> = Map<Item, Scored<Item>["items"][number]>;

/**
 * Asks all questions whose answers are not there as batches, at half the price: what was ordered before and is done is collected, the rest
 * is ordered, some hours later the same call collects it. What came back as no answer is asked once more, alone.
 *
 * @throws InvalidInput where objects are not in S3: Bedrock sees nothing else
 * @throws Failed when a batch fails that was waited for: what it was asked is ordered anew by the next call
 */
export async function scoreByBatch<Item, Answer>(
  items: readonly Item[],
  options: ByBatchOptions<Item, Answer>,
  signal: AbortSignal,
): Promise<ScoredByBatch<Item>> {
  const { location } = options.objects;
  if (!location.startsWith("s3://")) {
    throw new InvalidInput(
      `--batch: expected QUARRY_OBJECTS in S3, s3://bucket/prefix, got ${location}: Bedrock reads batches from there.`,
    );
  }
  const { waitMs, clock = systemClock, budget } = options;
  const failed: ScoredByBatch<Item>["failed"][number][] = [];
  let bought = 0;
  let collectedUsd = 0;
  for (let waited = 0; ; waited++) {
    const collected = await collectBatches(options, signal);
    failed.push(...collected.failed);
    bought += collected.bought;
    collectedUsd += collected.spentUsd;
    const ends: Ends<Item> = new Map();
    const rest = await settleWhatIsThere(items, collected, options, ends, signal);
    bought += rest.bought;
    await collected.end();
    const [first] = collected.failed;
    // What fails while it is waited for would fail again and again.
    if (waited > 0 && first)
      throw new Failed(
        `Bedrock could not do a batch (${first.reason}): mend that, and run the same command again.`,
      );
    await orderRest(rest.open, options, ends, signal);
    const isUnderWay = [...ends.values()].some(({ state }) => state === "ordered");
    if (waitMs !== undefined && isUnderWay && !signal.aborted) {
      await clock.sleep(waitMs, signal);
      continue;
    }
    const all = items.map((item) => ends.get(item)!);
    options.progress?.advance(all.length);
    return {
      items: all,
      bought,
      states: statesIn(all),
      spentUsd: budget.spentUsd + collectedUsd,
      failed,
    };
  }
}

interface Open<Item, Answer> extends BatchQuestion<Answer> {
  readonly item: Item;
}

/** Finds what is held, asks once more what came back as no answer, and leaves the rest. */
async function settleWhatIsThere<Item, Answer>(
  items: readonly Item[],
  { ordered, said }: CollectedBatches,
  options: ByBatchOptions<Item, Answer>,
  ends: Ends<Item>,
  signal: AbortSignal,
): Promise<{ open: Open<Item, Answer>[]; bought: number }> {
  const { ledger, model, budget, concurrency, requestOf } = options;
  const again: Item[] = [];
  const open: Open<Item, Answer>[] = [];
  await each(items, async (item) => {
    const request = requestOf(item);
    const of = scoreKey(request, model);
    const { key } = of;
    const end = (state: ScoreState, reason: string, record?: ScoreRecord): void => {
      ends.set(item, { item, key, state, record, reason });
    };
    if (said.has(key)) {
      again.push(item);
      return;
    }
    const before = await ledger.held(key);
    if (before) end(before.state, before.reason, before);
    else if (ordered.has(key)) end("ordered", "Bedrock is at it.");
    else if (request.text.length > model.mostCharacters) {
      end("too_long", `It has more than the ${model.mostCharacters} characters that are read.`);
    } else open.push({ item, request, ...of });
  });
  const asked = { ledger, model, budget, concurrency, requestOf };
  const scored = await scoreAll(again, asked, signal);
  for (const one of scored.items) ends.set(one.item, one);
  return { open, bought: scored.bought };
}

/** Orders what the budget reaches for, in batches of equal size. */
async function orderRest<Item, Answer>(
  open: readonly Open<Item, Answer>[],
  options: ByBatchOptions<Item, Answer>,
  ends: Ends<Item>,
  signal: AbortSignal,
): Promise<void> {
  const { budget } = options;
  const byKey = new Map<string, Open<Item, Answer>>();
  for (const question of open) if (!byKey.has(question.key)) byKey.set(question.key, question);
  const states = new Map<string, ["ordered" | "too_few" | "over_budget" | "claimed", string]>();
  const wanted: Open<Item, Answer>[] = [];
  for (const question of byKey.values()) {
    const isThere = budget.reserve(mostTokens(question.request), batchShare) !== undefined;
    if (isThere) wanted.push(question);
    else states.set(question.key, ["over_budget", "The budget does not reach for it."]);
  }
  if (wanted.length < fewestInBatch) {
    const why = `${wanted.length} are fewer than the ${fewestInBatch} that Bedrock takes as a batch.`;
    for (const { key } of wanted) states.set(key, ["too_few", why]);
  } else {
    const batches = Math.ceil(wanted.length / mostInBatch);
    for (let at = 0; at < batches; at++) {
      const bounds = [at, at + 1].map((part) => Math.floor((part * wanted.length) / batches));
      const some = wanted.slice(...bounds);
      const ours = await orderBatch(some, options, signal);
      for (const { key } of some) {
        const isOurs = ours.has(key);
        states.set(
          key,
          isOurs ? ["ordered", "Bedrock is at it."] : ["claimed", "Another process is at it."],
        );
      }
    }
  }
  for (const { item, key } of open) {
    const [state, reason] = states.get(key)!;
    ends.set(item, { item, key, state, record: undefined, reason });
  }
}
