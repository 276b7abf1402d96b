import PQueue from "p-queue";
import { LaneClosed } from "../backfill/lane.ts";
import { messageOf, SourceUnavailable } from "../errors.ts";
import type { ProgressTask } from "../progress.ts";
import type { Budget } from "./budget.ts";
import { mostTokens, type LanguageModel } from "./model.ts";
import { scoreKey, type ScoreLedger, type ScoreRequest } from "./score-ledger.ts";
import { type ScoreRecord } from "./score-record.ts";

/** What became of a question. Only `scored` has an answer. */
export type ScoreState =
  | "scored"
  | "refused"
  | "invalid"
  | "too_long"
  | "throttled"
  | "over_budget"
  | "claimed"
  | "ordered"
  | "too_few"
  | "stopped";

/** Questions, and what became of them. */
export interface Scored<Item> {
  readonly items: readonly {
    readonly item: Item;
    readonly key: string;
    readonly state: ScoreState;
    readonly record: ScoreRecord | undefined;
    readonly reason: string;
  }[];
  /** Asked of the model now; the others were there. */
  readonly bought: number;
  /** How many are in each state. */
  readonly states: Readonly<Partial<Record<ScoreState, number>>>;
  readonly spentUsd: number;
}

export interface ScoreAllOptions<Item, Answer> {
  readonly ledger: ScoreLedger;
  readonly model: LanguageModel;
  readonly budget: Budget;
  /** Questions under way at once. */
  readonly concurrency: number;
  readonly requestOf: (item: Item) => ScoreRequest<Answer>;
  readonly progress?: ProgressTask;
}

/**
 * Asks all questions whose answers are not there, so many at once. What can't be bought now has a state, and the next run goes on
 * from there: the model is down or throttles, the budget is used up, another process is at it, we are told to stop.
 *
 * @throws whatever is wrong for all of them: a key, a model, a bug
 */
export async function scoreAll<Item, Answer>(
  items: readonly Item[],
  options: ScoreAllOptions<Item, Answer>,
  signal: AbortSignal,
): Promise<Scored<Item>> {
  const { ledger, model, budget, concurrency, requestOf, progress } = options;
  const ends: (Scored<Item>["items"][number] | undefined)[] = items.map(() => undefined);
  const sameKey = new Map<string, number>();
  const queue = new PQueue({ concurrency });
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const isStopped = (): boolean => either.aborted;
  let bought = 0;
  let closed: string | undefined;
  const trouble: { thrown?: unknown } = {};

  const one = async (item: Item, at: number): Promise<void> => {
    const request = requestOf(item);
    const of = scoreKey(request, model);
    const { key } = of;
    const end = (state: ScoreState, reason: string, record?: ScoreRecord): void => {
      ends[at] = { item, key, state, record, reason };
      progress?.advance();
    };
    // The same text twice is asked for once: the other one finds it at the end.
    if (sameKey.has(key)) return;
    sameKey.set(key, at);
    const before = await ledger.held(key);
    if (before) {
      end(before.state, before.reason, before);
      return;
    }
    if (isStopped()) {
      end("stopped", "It was stopped before.");
      return;
    }
    if (closed !== undefined) {
      end("throttled", closed);
      return;
    }
    if (request.text.length > model.mostCharacters) {
      const { length } = request.text;
      end("too_long", `It has ${length} characters, ${model.model} reads ${model.mostCharacters}.`);
      return;
    }
    const settle = budget.reserve(mostTokens(request));
    if (settle === undefined) {
      end("over_budget", "The budget does not reach for it.");
      return;
    }
    let spent = 0;
    try {
      const got = await ledger.buy(request, of, model, either);
      if (got.state === "claimed") {
        end("claimed", "Another process is at it.");
        return;
      }
      if (got.state === "bought") {
        bought++;
        spent = got.record.cost_usd ?? 0;
      }
      end(got.record.state, got.record.reason, got.record);
    } catch (thrown) {
      if (isStopped()) {
        end("stopped", "It was stopped while it was asked for.");
      } else if (thrown instanceof SourceUnavailable) {
        if (thrown instanceof LaneClosed) closed = thrown.message;
        end("throttled", messageOf(thrown));
      } else {
        // What stops one stops all: a model that refuses us is not asked for the others.
        trouble.thrown ??= thrown;
        stop.abort();
        end("stopped", messageOf(thrown));
      }
    } finally {
      settle(spent);
    }
  };

  for (const [at, item] of items.entries()) {
    if (queue.size >= 2 * concurrency) await queue.onSizeLessThan(concurrency);
    void queue
      .add(() => one(item, at))
      .catch((thrown: unknown) => {
        trouble.thrown ??= thrown;
        stop.abort();
      });
  }
  await queue.onIdle();
  if (trouble.thrown !== undefined) throw trouble.thrown as Error;
  for (const [at, item] of items.entries()) {
    if (ends[at] !== undefined) continue;
    const twin = ends[sameKey.get(scoreKey(requestOf(item), model).key)!]!;
    ends[at] = { ...twin, item };
    progress?.advance();
  }
  const all = ends.map((end) => end!);
  return { items: all, bought, states: statesIn(all), spentUsd: budget.spentUsd };
}

/** How many are in each state. */
export function statesIn(
  ends: readonly { readonly state: ScoreState }[],
): Partial<Record<ScoreState, number>> {
  const states: Partial<Record<ScoreState, number>> = {};
  for (const { state } of ends) states[state] = (states[state] ?? 0) + 1;
  return states;
}
