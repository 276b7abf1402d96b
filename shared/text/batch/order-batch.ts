import { randomUUID } from "node:crypto";
import { converseBody } from "../bedrock.ts";
import { dataBlock } from "../prompt.ts";
import type { TextRequest } from "../score-ledger.ts";
import type { ScoreKey } from "../score-record.ts";
import { claim, hold, release } from "./batch-claims.ts";
import { each, fileOf, putOrder, type BatchDeps, type BatchOrder } from "./batch-order.ts";

/** A question about a text alone, and what names its score. */
export interface BatchQuestion<Answer> extends ScoreKey {
  readonly request: TextRequest<Answer>;
}

/**
 * Orders the answers to questions as one batch: claims them for as long as Bedrock may take, writes down what is asked, and then orders it.
 * Whoever dies on the way leaves claims that lapse, or an order that whoever collects goes on with; Bedrock takes it once.
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
  const { task, prompt, schema, maxTokens } = first.request;
  const lines = ours.map(({ key, request }) => {
    const block = dataBlock(request.text);
    const modelInput = converseBody({ ...request, block, schema: schema.json });
    return JSON.stringify({ recordId: key, modelInput });
  });
  const order = {
    batch,
    task,
    prompt: { name: prompt.name, hash: prompt.hash },
    schema: schema.hash,
    maxTokens,
    model: model.model,
    parameters: { ...model.parameters },
    ordered_at: new Date(now()).toISOString(),
    questions: ours.map(({ key, document }) => ({ key, document })),
  };
  await objects.putIfAbsent(fileOf(batch, "input.jsonl"), Buffer.from(`${lines.join("\n")}\n`));
  await putOrder(objects, order);
  const arn = await submit(order, deps, signal);
  return new Set(arn === undefined ? [] : ours.map(({ key }) => key));
}

/**
 * Orders what was written down, once.
 *
 * @returns ARN of the job; undefined when it was never ordered and a part of it is somebody else's by now: it is given up
 */
export async function submit(
  { batch, questions }: Pick<BatchOrder, "batch" | "questions">,
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
