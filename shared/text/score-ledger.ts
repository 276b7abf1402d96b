import { acquireLease } from "../backfill/lease.ts";
import { contentHash } from "../objects/file-store.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { minuteMs } from "../units.ts";
import { readAnswer, type AnswerSchema } from "./answers.ts";
import { costOf, type LanguageModel, type ModelReply, type TextTask } from "./model.ts";
import { dataBlock, type Prompt } from "./prompt.ts";
import {
  keepReply,
  keptReply,
  putScore,
  readScore,
  scoreClaimKey,
  scoreSchema,
  scoreVersion,
  type ScoreKey,
  type ScoreRecord,
} from "./score-record.ts";

/** What is to be scored. */
export interface ScoreRequest<Answer> {
  readonly task: TextTask;
  readonly text: string;
  /** Pages that are no text, as a PDF of their own. */
  readonly pdf?: Uint8Array | undefined;
  readonly prompt: Prompt;
  readonly schema: AnswerSchema<Answer>;
  readonly maxTokens: number;
}

/** A question about a text alone. */
export type TextRequest<Answer> = ScoreRequest<Answer> & { readonly pdf?: undefined };

/** What was asked, without the text. */
export interface AskedOf<Answer>
  extends
    Pick<ScoreRequest<Answer>, "task" | "schema" | "maxTokens">,
    Pick<LanguageModel, "provider" | "model" | "parameters" | "price"> {
  readonly prompt: Pick<Prompt, "name" | "hash">;
}

/** What became of it. `claimed`: another process is at it now. */
export type ScoreEnd =
  | { readonly state: "held" | "bought"; readonly record: ScoreRecord }
  | { readonly state: "claimed" };

/** Longer than any attempt may live. */
export const claimTtlMs = 20 * minuteMs;

/** The key of a score: another document, prompt, schema, model or parameter is another score. */
export function scoreKey<Answer>(
  { task, text, pdf, prompt, schema }: ScoreRequest<Answer>,
  { provider, model, parameters }: Pick<LanguageModel, "provider" | "model" | "parameters">,
): ScoreKey {
  const document = contentHash(pdf === undefined ? text : `${text}\n${contentHash(pdf)}`);
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const key = contentHash(
    JSON.stringify([task, document, prompt.hash, schema.hash, provider, model, sorted]),
  );
  return { key, document };
}

/**
 * The ledger of scores, in the object store: whoever is to ask for one claims it first, and what is bought is written down whole, the
 * replies with it, before anybody sees it. Any number of processes may work at the same keys, and none needs a database.
 */
export class ScoreLedger {
  readonly #objects: ObjectStore;
  readonly #runId: string;
  readonly #now: () => number;
  readonly #holder: string;

  /** @param holder name in claims, of a process among several of the run; a retry has the same */
  constructor(objects: ObjectStore, runId: string, now: () => number, holder = runId) {
    this.#objects = objects;
    this.#runId = runId;
    this.#now = now;
    this.#holder = holder;
  }

  /** A score, where it was bought before. */
  held(key: string): Promise<ScoreRecord | undefined> {
    return readScore(this.#objects, key);
  }

  /**
   * The score, bought only where nobody bought it before.
   *
   * @throws SourceUnavailable when the model can't answer: nothing is written down, and whoever comes next asks again
   */
  async score<Answer>(
    request: ScoreRequest<Answer>,
    model: LanguageModel,
    signal: AbortSignal,
  ): Promise<ScoreEnd> {
    const of = scoreKey(request, model);
    const before = await this.held(of.key);
    return before ? { state: "held", record: before } : this.buy(request, of, model, signal);
  }

  /**
   * Buys a score that was not held a moment ago: claims it first, so that of several who come here one asks.
   *
   * @throws SourceUnavailable when the model can't answer: nothing is written down, and whoever comes next asks again
   */
  async buy<Answer>(
    request: ScoreRequest<Answer>,
    { key, document }: ScoreKey,
    model: LanguageModel,
    signal: AbortSignal,
  ): Promise<ScoreEnd> {
    const claim = await acquireLease(this.#objects, scoreClaimKey(key), this.#holder, claimTtlMs);
    if (claim === undefined) {
      const there = await readScore(this.#objects, key);
      return there ? { state: "held", record: there } : { state: "claimed" };
    }
    let paid: ModelReply | undefined;
    if (claim.epoch > 1) {
      // Whoever had it may have been done before it died, or may have been told something.
      const there = await readScore(this.#objects, key);
      if (there) return { state: "held", record: there };
      paid = await keptReply(this.#objects, key);
    }
    let record: ScoreRecord;
    try {
      // Its members in the schema's order, as everybody reads it later.
      record = scoreSchema.parse({
        ...(await this.#ask(request, key, model, signal, paid)),
        key,
        document,
      });
    } catch (thrown) {
      await claim.release().catch(() => undefined);
      throw thrown;
    }
    return this.#put(record);
  }

  /**
   * Writes down what a model said to a question that was asked elsewhere; who has its claim may.
   *
   * @returns undefined for an answer that is none: it is kept, and whoever buys the score asks once more
   */
  async settle<Answer>(
    { key, document }: ScoreKey,
    asked: AskedOf<Answer>,
    reply: ModelReply,
    times: { readonly startedMs: number; readonly endedMs: number },
  ): Promise<ScoreEnd | undefined> {
    const judged = judge(reply, asked.schema, asked.maxTokens);
    if (judged.state === "invalid") {
      await keepReply(this.#objects, key, reply);
      return undefined;
    }
    const told = this.#told(asked, [reply], judged, times);
    return this.#put(scoreSchema.parse({ ...told, key, document }));
  }

  async #put(record: ScoreRecord): Promise<Exclude<ScoreEnd, { state: "claimed" }>> {
    const { key } = record;
    if (await putScore(this.#objects, record)) return { state: "bought", record };
    // We were slow, somebody took over, and was first: theirs counts.
    return { state: "held", record: (await readScore(this.#objects, key))! };
  }

  async #ask<Answer>(
    request: ScoreRequest<Answer>,
    key: string,
    model: LanguageModel,
    signal: AbortSignal,
    first: ModelReply | undefined,
  ): Promise<Omit<ScoreRecord, "key" | "document">> {
    const { task, text, pdf, prompt, schema, maxTokens } = request;
    const ask = { task, prompt, block: dataBlock(text), schema: schema.json, maxTokens, pdf };
    const startedMs = this.#now();
    const replies = first === undefined ? [] : [first];
    let judged: Judged | undefined = first && judge(first, schema, maxTokens);
    // An answer that is none is asked for once more, and then that is what it is.
    while (judged === undefined || (judged.state === "invalid" && replies.length < 2)) {
      const last = replies.at(-1);
      const again = last && judged && { answer: last.text, problem: judged.reason };
      // It was paid: whoever comes after us if the next question fails need not pay it again.
      if (last) await keepReply(this.#objects, key, last);
      const reply = await model.ask({ ...ask, again }, signal);
      replies.push(reply);
      judged = judge(reply, schema, maxTokens);
    }
    const asked = { ...model, task, prompt, schema, maxTokens };
    return this.#told(asked, replies, judged, { startedMs, endedMs: this.#now() });
  }

  #told<Answer>(
    { task, prompt, schema, provider, model, parameters, price }: AskedOf<Answer>,
    replies: readonly ModelReply[],
    { state, reason, answer }: Judged,
    { startedMs, endedMs }: { readonly startedMs: number; readonly endedMs: number },
  ): Omit<ScoreRecord, "key" | "document"> {
    const sum = (pick: (reply: ModelReply) => number): number =>
      replies.reduce((total, reply) => total + pick(reply), 0);
    return {
      version: scoreVersion,
      task,
      prompt: { name: prompt.name, hash: prompt.hash },
      schema: schema.hash,
      provider,
      model,
      parameters: { ...parameters },
      state,
      reason,
      answer,
      replies: replies.map(({ raw }) => raw),
      tokens_in: sum((reply) => reply.tokensIn),
      tokens_out: sum((reply) => reply.tokensOut),
      tokens_cached: sum((reply) => reply.tokensCached),
      cost_usd:
        price === undefined
          ? null
          : sum(
              ({ tokensIn, tokensOut, share = 1 }) => costOf(price, tokensIn, tokensOut)! * share,
            ),
      latency_ms: endedMs - startedMs,
      scored_at: new Date(endedMs).toISOString(),
      run_id: this.#runId,
    };
  }
}

type Judged = Pick<ScoreRecord, "state" | "reason" | "answer">;

/** What a reply is: an answer, a refusal, or none. */
function judge<Answer>(reply: ModelReply, schema: AnswerSchema<Answer>, maxTokens: number): Judged {
  if (reply.end === "refused") {
    const reason = "The model, or a filter before it, would not answer.";
    return { state: "refused", reason, answer: null };
  }
  const read =
    reply.end === "cut"
      ? { problem: `The answer took more than ${maxTokens} tokens.` }
      : readAnswer(reply.text, schema);
  return "answer" in read
    ? { state: "scored", reason: "", answer: read.answer }
    : { state: "invalid", reason: read.problem, answer: null };
}
