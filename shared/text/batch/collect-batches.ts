import type { ObjectStore } from "../../objects/object-store.ts";
import {
  notesAnswer,
  proxyAnswer,
  reportAnswer,
  sentimentAnswer,
  type AnswerSchema,
} from "../answers.ts";
import { replyOf } from "../bedrock.ts";
import type { LanguageModel, TextTask } from "../model.ts";
import { batchShare } from "../models.ts";
import type { AskedOf } from "../score-ledger.ts";
import { release } from "./batch-claims.ts";
import { each, fileOf, getOrder, type BatchDeps, type BatchOrder } from "./batch-order.ts";
import { submit } from "./order-batch.ts";

const answers: Readonly<Record<TextTask, AnswerSchema<unknown>>> = {
  sentiment: sentimentAnswer,
  "report-notes": notesAnswer,
  report: reportAnswer,
  proxy: proxyAnswer,
};

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
    const order = await getOrder(objects, batch);
    // Of another model, or by a version of this code that asks for other answers: whoever has that collects it.
    if (order.model !== bedrock.modelId || order.schema !== answers[order.task].hash) continue;
    const arn = (await jobOf(objects, batch)) ?? (await submit(order, deps, signal));
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

function askedOf(
  { task, prompt, maxTokens, parameters, model }: BatchOrder,
  { provider, price }: LanguageModel,
): AskedOf<unknown> {
  return { task, prompt, maxTokens, schema: answers[task], provider, model, parameters, price };
}

/** ARN of a batch's job; undefined when it was written down, and not ordered. */
async function jobOf(objects: ObjectStore, batch: string): Promise<string | undefined> {
  const bytes = await objects.get(fileOf(batch, "job.json"));
  return bytes && (JSON.parse(bytes.toString("utf8")) as { arn: string }).arn;
}
