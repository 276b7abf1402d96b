import assert from "node:assert/strict";
import { SourceRejected, SourceUnavailable } from "../../shared/errors.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import { sentimentAnswer } from "../../shared/text/answers.ts";
import { Budget } from "../../shared/text/budget.ts";
import type { LanguageModel, ModelReply } from "../../shared/text/model.ts";
import { readPrompt, type Prompt } from "../../shared/text/prompt.ts";
import { scoreAll, type Scored } from "../../shared/text/score-all.ts";
import { ScoreLedger, type ScoreRequest } from "../../shared/text/score-ledger.ts";
import { readScore, scoreKeys } from "../../shared/text/score-record.ts";
import { noSignal } from "../support/job-deps.ts";
import { memoryStore } from "../support/memory-store.ts";

const nowMs = Date.parse("2026-01-05T12:00:00Z");
const prompt = await readPrompt("news-sentiment");

/** A model that says what it is told to, one answer after the other, and then 0.5. */
function modelOf(...says: (string | Error)[]): LanguageModel & { asked: number } {
  const model = {
    provider: "test",
    model: "test-1",
    parameters: { temperature: 0 },
    price: { input: 1, output: 10 },
    takesPdf: false,
    mostCharacters: 1000,
    asked: 0,
    ask(): Promise<ModelReply> {
      const said = says[model.asked++] ?? '{"sentiment": 0.5}';
      if (said instanceof Error) return Promise.reject(said);
      const end = said === "refused" || said === "cut" ? said : "answered";
      const counts = { tokensIn: 100, tokensOut: 10, tokensCached: 0 };
      return Promise.resolve({ end, text: said, ...counts, raw: { said } });
    },
  };
  return model;
}

const requestOf = (text: string, by: Prompt = prompt): ScoreRequest<{ sentiment: number }> => ({
  task: "sentiment",
  text,
  prompt: by,
  schema: sentimentAnswer,
  maxTokens: 50,
});

function scoreTexts(
  objects: ObjectStore,
  model: LanguageModel,
  texts: readonly string[],
  { budgetUsd, by, runId = "r1" }: { budgetUsd?: number; by?: Prompt; runId?: string } = {},
): Promise<Scored<string>> {
  return scoreAll(
    texts,
    {
      ledger: new ScoreLedger(objects, runId, () => nowMs),
      model,
      budget: new Budget(budgetUsd, model),
      concurrency: 4,
      requestOf: (text) => requestOf(text, by),
    },
    noSignal,
  );
}

describe("the score ledger", () => {
  it("buys a score once: the second time nothing is asked, and every byte is the same", async () => {
    const objects = memoryStore({ nowMs });
    const model = modelOf();
    const first = await scoreTexts(objects, model, ["one", "two", "one"]);
    assert.equal(model.asked, 2);
    assert.deepEqual(
      first.items.map(({ state }) => state),
      ["scored", "scored", "scored"],
    );
    const again = await scoreTexts(objects, model, ["one", "two", "one"], { runId: "r2" });
    assert.equal(model.asked, 2);
    assert.equal(again.bought, 0);
    assert.equal(JSON.stringify(again.items), JSON.stringify(first.items));
  });

  it("keeps what was asked, said and paid", async () => {
    const objects = memoryStore({ nowMs });
    const { items } = await scoreTexts(objects, modelOf('{"sentiment": -0.25}'), ["bad news"]);
    const record = await readScore(objects, items[0]!.key);
    assert.deepEqual(record, items[0]!.record);
    const { answer, replies, cost_usd, tokens_in, scored_at, prompt: by } = record!;
    assert.deepEqual(answer, { sentiment: -0.25 });
    assert.deepEqual(replies, [{ said: '{"sentiment": -0.25}' }]);
    // 100 tokens at 1 dollar and 10 at 10 dollars a million.
    assert.equal(cost_usd, 0.0002);
    assert.equal(tokens_in, 100);
    assert.equal(scored_at, "2026-01-05T12:00:00.000Z");
    assert.equal(by.hash, prompt.hash);
  });

  it("has another score beside for another word in the prompt, another model, another parameter", async () => {
    const objects = memoryStore({ nowMs });
    await scoreTexts(objects, modelOf(), ["one"]);
    const changed = { ...prompt, hash: `${prompt.hash}x` };
    const others: [LanguageModel, Prompt][] = [
      [modelOf(), changed],
      [Object.assign(modelOf(), { model: "test-2" }), prompt],
      [Object.assign(modelOf(), { parameters: { temperature: 1 } }), prompt],
    ];
    for (const [model, by] of others) {
      const { bought } = await scoreTexts(objects, model, ["one"], { by });
      assert.equal(bought, 1);
    }
    assert.equal((await scoreTexts(objects, modelOf(), ["one"])).bought, 0);
  });

  it("keeps an answer that is none before it asks once more: one that is paid is not paid again", async () => {
    const objects = memoryStore({ nowMs });
    const down = new SourceUnavailable("It is down.");
    const model = modelOf("I'd say 0.4", down);
    const first = await scoreTexts(objects, model, ["one"]);
    assert.deepEqual([first.states, model.asked], [{ throttled: 1 }, 2]);
    const next = await scoreTexts(objects, model, ["one"], { runId: "r2" });
    assert.deepEqual([next.states, model.asked], [{ scored: 1 }, 3]);
    const { replies, tokens_in } = next.items[0]!.record!;
    assert.deepEqual(
      [replies, tokens_in],
      [[{ said: "I'd say 0.4" }, { said: '{"sentiment": 0.5}' }], 200],
    );
    const keys: string[] = [];
    for await (const key of scoreKeys(objects)) keys.push(key);
    assert.deepEqual(keys, [next.items[0]!.key]);
  });

  it("asks once more for an answer that is none, and then it is invalid: no number", async () => {
    for (const wrong of ["no JSON", '{"sentiment": 2}', '{"sentiment": 0.1, "more": 1}', "cut"]) {
      const objects = memoryStore({ nowMs });
      const mended = modelOf(wrong, '{"sentiment": 0.1}');
      const { items } = await scoreTexts(objects, mended, ["text"]);
      assert.equal(items[0]!.state, "scored");
      assert.equal(items[0]!.record!.replies.length, 2);
      const never = modelOf(wrong, wrong);
      const { items: bad } = await scoreTexts(memoryStore({ nowMs }), never, ["text"]);
      assert.equal(never.asked, 2);
      assert.equal(bad[0]!.state, "invalid");
      assert.equal(bad[0]!.record!.answer, null);
      assert.match(bad[0]!.reason, /\.$/);
    }
  });

  it("takes a refusal for a refusal", async () => {
    const { items } = await scoreTexts(memoryStore({ nowMs }), modelOf("refused"), ["text"]);
    assert.equal(items[0]!.state, "refused");
    assert.equal(items[0]!.record!.answer, null);
  });

  it("writes nothing down for a model that can't answer: the next run asks", async () => {
    const objects = memoryStore({ nowMs });
    const model = modelOf(new SourceUnavailable("Throttled.", { throttled: true }));
    const { items } = await scoreTexts(objects, model, ["text"]);
    assert.equal(items[0]!.state, "throttled");
    assert.equal(items[0]!.record, undefined);
    const { items: next } = await scoreTexts(objects, model, ["text"], { runId: "r2" });
    assert.equal(next[0]!.state, "scored");
  });

  it("stops all when the model refuses us, and keeps what it has", async () => {
    const objects = memoryStore({ nowMs });
    const model = modelOf('{"sentiment": 0.1}', new SourceRejected("No access."));
    await assert.rejects(
      scoreAll(
        ["a", "b", "c", "d"],
        {
          ledger: new ScoreLedger(objects, "r1", () => nowMs),
          model,
          budget: new Budget(undefined, model),
          concurrency: 1,
          requestOf,
        },
        noSignal,
      ),
      SourceRejected,
    );
    assert.equal(model.asked, 2);
    const { bought } = await scoreTexts(objects, modelOf(), ["a", "b", "c", "d"]);
    assert.equal(bought, 3);
  });

  it("stops when the budget is used up, and goes on with the next one", async () => {
    const objects = memoryStore({ nowMs });
    const texts = Array.from({ length: 20 }, (_, at) => `text ${at}`);
    // At most some 0.0009 dollars are set aside for each, of which 0.0002 are spent.
    const first = await scoreTexts(objects, modelOf(), texts, { budgetUsd: 0.002 });
    const scored = first.items.filter(({ state }) => state === "scored").length;
    assert.ok(scored > 0 && scored < 20, String(scored));
    assert.ok(first.items.some(({ state }) => state === "over_budget"));
    assert.ok(first.spentUsd <= 0.002);
    const second = await scoreTexts(objects, modelOf(), texts);
    assert.equal(second.bought, 20 - scored);
    assert.ok(second.items.every(({ state }) => state === "scored"));
  });

  it("never spends more than the budget, though an answer must be asked for twice", async () => {
    const model = modelOf("no JSON");
    const request = { ...requestOf("text"), maxTokens: 10 };
    // One question takes at most 0.0003 dollars or so; two took 0.0004.
    const budget = new Budget(0.00035, model);
    const { items } = await scoreAll(
      ["text"],
      {
        ledger: new ScoreLedger(memoryStore({ nowMs }), "r1", () => nowMs),
        model,
        budget,
        concurrency: 1,
        requestOf: () => request,
      },
      noSignal,
    );
    assert.equal(items[0]!.state, "over_budget");
    assert.ok(budget.spentUsd <= 0.00035);
  });

  it("refuses a budget of nothing, and one where nobody knows the price", () => {
    const free = { ...modelOf(), price: undefined };
    assert.throws(() => new Budget(0, modelOf()), {
      name: "InvalidInput",
      message: "--budget-usd: expected more than 0, got 0: nothing can be bought for it.",
    });
    assert.throws(() => new Budget(5, free), { name: "InvalidInput", message: /nobody knows/ });
  });

  it("does not ask for what is too long", async () => {
    const model = modelOf();
    const { items } = await scoreTexts(memoryStore({ nowMs }), model, ["x".repeat(2_000_000)]);
    assert.equal(items[0]!.state, "too_long");
    assert.equal(model.asked, 0);
  });

  it("lets two processes at once buy each score once", async () => {
    const objects = memoryStore({ nowMs });
    const texts = Array.from({ length: 60 }, (_, at) => `text ${at}`);
    const models = [modelOf(), modelOf()];
    const both = await Promise.all(
      models.map((model, at) => scoreTexts(objects, model, texts, { runId: `r${at}` })),
    );
    assert.equal(models[0]!.asked + models[1]!.asked, 60);
    assert.equal(both[0]!.bought + both[1]!.bought, 60);
    const { items } = await scoreTexts(objects, modelOf(), texts);
    assert.ok(items.every(({ state }) => state === "scored"));
  });
});
