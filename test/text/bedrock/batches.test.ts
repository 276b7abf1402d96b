import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../../shared/units.ts";
import type { ObjectStore } from "../../../shared/objects/object-store.ts";
import type { BatchesOptions } from "../../../shared/simulator/bedrock/batches.ts";
import { startBedrock } from "../../../shared/simulator/bedrock/server.ts";
import { bedrockBatch } from "../../../shared/text/bedrock-batch.ts";
import { bedrockModel } from "../../../shared/text/bedrock.ts";
import { Budget } from "../../../shared/text/budget.ts";
import { readPrompt } from "../../../shared/text/prompt.ts";
import { scoreAll } from "../../../shared/text/score-all.ts";
import { scoreByBatch, type ScoredByBatch } from "../../../shared/text/batch/score-by-batch.ts";
import { ScoreLedger } from "../../../shared/text/score-ledger.ts";
import { readScore } from "../../../shared/text/score-record.ts";
import { sentimentRequest } from "../../../shared/text/sentiment.ts";
import { bedrockAt, useEnvironment } from "../../support/environment.ts";
import { noSignal } from "../../support/job-deps.ts";
import { memoryStore } from "../../support/memory-store.ts";

const modelId = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const roleArn = "arn:aws:iam::123456789012:role/quarry-dev-bedrock-batch";
const prompt = await readPrompt("news-sentiment");
const texts = (count: number, from = 0): string[] =>
  Array.from(
    { length: count },
    (_, at) => `Profit of unit ${at + from} ${at % 2 === 0 ? "rose strongly" : "fell badly"}.`,
  );
/** The questions of a job, as they stand in its input. */
interface Ordered {
  readonly jobs: number;
  /** How often each key was ordered. */
  readonly times: ReadonlyMap<string, number>;
}

describe("batches of Bedrock", () => {
  const set = useEnvironment();

  /** A place with a bucket, a clock and Bedrock. */
  async function place(options: Partial<BatchesOptions> = {}) {
    const clock = { nowMs: Date.parse("2026-01-05T12:00:00Z") };
    const inBucket = { ...memoryStore(clock), location: "s3://bucket/quarry" };
    // Bedrock sees the bucket, and we what is below its prefix.
    const seen: Pick<ObjectStore, "get" | "putIfAbsent"> = {
      get: (key) => inBucket.get(key.replace(/^quarry\//, "")),
      putIfAbsent: (key, bytes) => inBucket.putIfAbsent(key.replace(/^quarry\//, ""), bytes),
    };
    let asked = 0;
    const server = await startBedrock({
      batches: {
        bucket: (name) => {
          assert.equal(name, "bucket");
          return seen;
        },
        clock: () => clock.nowMs,
        ...options,
      },
      asked: () => asked++,
    });
    set(bedrockAt(server.url));
    const model = bedrockModel({ modelId, region: "us-east-1" });
    const score = (
      items: readonly string[],
      {
        objects = inBucket,
        run = "r1",
        budgetUsd,
        waitMs,
      }: { objects?: ObjectStore; run?: string; budgetUsd?: number; waitMs?: number } = {},
    ): Promise<ScoredByBatch<string>> =>
      scoreByBatch(
        items,
        {
          ledger: new ScoreLedger(objects, run, () => clock.nowMs),
          model,
          budget: new Budget(budgetUsd, model),
          concurrency: 4,
          requestOf: (text) => sentimentRequest(text, prompt),
          objects,
          batch: bedrockBatch({ modelId, region: "us-east-1", roleArn }),
          now: () => clock.nowMs,
          waitMs,
        },
        noSignal,
      );
    const alone = (items: readonly string[], objects: ObjectStore = inBucket) =>
      scoreAll(
        items,
        {
          ledger: new ScoreLedger(objects, "alone", () => clock.nowMs),
          model,
          budget: new Budget(undefined, model),
          concurrency: 4,
          requestOf: (text) => sentimentRequest(text, prompt),
        },
        noSignal,
      );
    async function ordered(): Promise<Ordered> {
      const times = new Map<string, number>();
      let jobs = 0;
      for await (const key of inBucket.list("batches/")) {
        if (!key.endsWith("/job.json")) continue;
        jobs++;
        const input = (await inBucket.get(key.replace("job.json", "input.jsonl")))!.toString();
        for (const line of input.trim().split("\n")) {
          const { recordId } = JSON.parse(line) as { recordId: string };
          times.set(recordId, (times.get(recordId) ?? 0) + 1);
        }
      }
      return { jobs, times };
    }
    return {
      clock,
      objects: inBucket,
      score,
      alone,
      ordered,
      asked: () => asked,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  }

  it("are ordered, and collected when Bedrock is done: the same answers at half the price", async () => {
    await using at = await place();
    const items = [...texts(120), texts(1)[0]!];
    assert.deepEqual((await at.score(items)).states, { ordered: 121 });
    assert.deepEqual((await at.score(items)).states, { ordered: 121 });
    at.clock.nowMs += 3 * hourMs;
    const done = await at.score(items);
    assert.deepEqual([done.states, done.bought], [{ scored: 121 }, 120]);
    const { jobs, times } = await at.ordered();
    assert.deepEqual([jobs, times.size, Math.max(...times.values()), at.asked()], [1, 120, 1, 0]);
    // Asked alone, in a store of its own.
    const single = await at.alone(items, memoryStore(at.clock));
    for (const [number, { record, key }] of done.items.entries()) {
      const other = single.items[number]!;
      assert.deepEqual([key, record!.answer], [other.key, other.record!.answer]);
      const { tokens_in: read, tokens_out: said } = record!;
      assert.ok(Math.abs(record!.cost_usd! - (0.5 * (read * 1 + said * 5)) / 1e6) < 1e-12);
      assert.equal(record!.latency_ms, 3 * hourMs);
    }
    assert.ok(
      Math.abs(
        done.spentUsd -
          done.items.slice(0, 120).reduce((sum, { record }) => sum + record!.cost_usd!, 0),
      ) < 1e-12,
    );
    const [raw] = (await readScore(at.objects, done.items[0]!.key))!.replies as { batch: string }[];
    assert.match(raw!.batch, /model-invocation-job/);
    const again = await at.score(items);
    assert.deepEqual(
      [again.bought, again.states, (await at.ordered()).jobs],
      [0, { scored: 121 }, 1],
    );
  });

  it("ask once more, alone, for what came back as no answer; what was refused stays so", async () => {
    const faults = new Map<number, "answer" | "refusal" | "cut-answer" | "error">([
      [3, "answer"],
      [4, "refusal"],
      [5, "cut-answer"],
      [6, "error"],
    ]);
    await using at = await place({
      looks: 0,
      fault: (record) => {
        const kind = faults.get(record);
        return kind === "answer" ? { kind, text: "I would say +0.4." } : kind && { kind };
      },
    });
    const items = texts(110);
    await at.score(items);
    const done = await at.score(items);
    assert.deepEqual(done.states, { scored: 108, refused: 1, too_few: 1 });
    assert.deepEqual([done.bought, at.asked()], [109, 2]);
    const mended = done.items.filter(({ record }) => record?.replies.length === 2);
    assert.equal(mended.length, 2);
    for (const { record } of mended) {
      const { tokens_in: read, tokens_out: said } = record!;
      // The first reply at half the price, the second at all of it.
      const [half, all] = [0.5, 1].map((share) => (share * (read + said * 5)) / 1e6) as [
        number,
        number,
      ];
      assert.ok(record!.cost_usd! > half && record!.cost_usd! < all);
    }
    // What was never asked is free for whoever asks alone.
    const rest = await at.alone(items);
    assert.deepEqual([rest.bought, rest.states], [1, { scored: 109, refused: 1 }]);
  });

  it("that fail give their texts back, and say why; of those that ran out of time what is there counts", async () => {
    await using at = await place({ looks: 0, fails: "The role can't read the bucket." });
    await at.score(texts(100));
    const failed = await at.score(texts(100));
    assert.match(failed.failed[0]!.reason, /^Failed: The role can't read/);
    assert.deepEqual([failed.states, (await at.ordered()).jobs], [{ ordered: 100 }, 2]);
    await using late = await place({ looks: 0, expiresAfter: 60 });
    await late.score(texts(100));
    const part = await late.score(texts(100));
    assert.deepEqual([part.bought, part.states], [60, { scored: 60, too_few: 40 }]);
  });

  it("are nobody else's meanwhile, not even a process's that finds the one which ordered them dead", async () => {
    await using at = await place();
    const items = texts(100);
    await at.score(items);
    at.clock.nowMs += 20 * hourMs;
    assert.deepEqual((await at.alone(items)).states, { claimed: 100 });
    assert.equal(at.asked(), 0);
    const [one, two] = await Promise.all([
      at.score(texts(250, 1000), { run: "a" }),
      at.score(texts(250, 1000), { run: "b" }),
    ]);
    assert.ok(
      [one, two].every(({ states }) => (states.ordered ?? 0) + (states.claimed ?? 0) === 250),
    );
    const { times } = await at.ordered();
    assert.equal(Math.max(...times.values()), 1);
  });

  it("are cut to what the budget reaches for, and need a hundred, a role, and S3", async () => {
    await using at = await place();
    const few = await at.score(texts(99));
    assert.deepEqual(few.states, { too_few: 99 });
    assert.match(few.items[0]!.reason, /^99 are fewer than the 100 that Bedrock takes as a batch/);
    // Half a question and a whole one more, for each.
    const cut = await at.score(texts(300), { budgetUsd: 0.15 });
    const { ordered = 0, over_budget = 0 } = cut.states;
    assert.ok(
      ordered >= 100 && over_budget > 0 && ordered + over_budget === 300,
      JSON.stringify(cut.states),
    );
    await assert.rejects(at.score(texts(100), { objects: memoryStore(at.clock) }), {
      name: "InvalidInput",
      message: /^--batch: expected QUARRY_OBJECTS in S3, s3:\/\/bucket\/prefix, got memory/,
    });
    assert.throws(() => bedrockBatch({ modelId, region: "us-east-1", roleArn: undefined }), {
      name: "InvalidInput",
      message: /^BEDROCK_BATCH_ROLE_ARN is not set/,
    });
    await assert.rejects(
      bedrockBatch({ modelId, region: "us-east-1", roleArn: "nobody" }).order(
        "token",
        "s3://b/a.jsonl",
        "s3://b/out/",
        noSignal,
      ),
      { name: "SourceRejected", message: /Invalid role ARN/ },
    );
  });

  it("are gone on with by two at once, and ordered once", async () => {
    await using at = await place({ looks: 2 });
    const items = texts(100);
    // It was written down, and its process died before it was sent.
    const dying: ObjectStore = {
      ...at.objects,
      async replace() {
        await Promise.resolve();
        throw new Error("The plug was pulled.");
      },
    };
    await assert.rejects(at.score(items, { objects: dying }), /The plug was pulled/);
    const both = await Promise.all(["a", "b"].map((run) => at.score(items, { run: run })));
    for (const { states } of both) assert.deepEqual(states, { ordered: 100 });
    assert.equal((await at.ordered()).jobs, 1);
    const done = await at.score(items);
    assert.deepEqual([done.states, done.bought], [{ scored: 100 }, 100]);
  });

  it("that were never sent are given up when a text of theirs was bought meanwhile", async () => {
    await using at = await place({ looks: 0 });
    const items = texts(101);
    const dying: ObjectStore = {
      ...at.objects,
      async replace() {
        await Promise.resolve();
        throw new Error("The plug was pulled.");
      },
    };
    await assert.rejects(at.score(items, { objects: dying }), /The plug was pulled/);
    at.clock.nowMs += 21 * minuteMs;
    assert.deepEqual((await at.alone(items.slice(0, 1))).states, { scored: 1 });
    // Long after the claim of whoever bought it.
    at.clock.nowMs += hourMs;
    await at.score(items);
    const done = await at.score(items);
    assert.deepEqual(done.states, { scored: 101 });
    const { times } = await at.ordered();
    assert.deepEqual([times.size, Math.max(...times.values()), at.asked()], [100, 1, 1]);
  });

  it("that fail while they are waited for are not ordered again and again", async () => {
    await using at = await place({ looks: 0, fails: "The role can't read the bucket." });
    await assert.rejects(at.score(texts(100), { waitMs: 1 }), {
      name: "Failed",
      message:
        /^Bedrock could not do a batch \(Failed: The role can't read the bucket\.\): mend that/,
    });
    assert.equal((await at.ordered()).jobs, 1);
  });

  it("order each text once, wherever the plug is pulled", async function () {
    this.timeout(60_000);
    const items = texts(100);
    let pulled = 0;
    for (let at = 1; ; at += at < 8 ? 1 : 23) {
      await using room = await place({ looks: 0 });
      let writes = 0;
      const dying: ObjectStore = {
        ...room.objects,
        putIfAbsent: (key, bytes) => {
          if (++writes > at) throw new Error("The plug was pulled.");
          return room.objects.putIfAbsent(key, bytes);
        },
        replace: (key, bytes, version) => {
          if (++writes > at) throw new Error("The plug was pulled.");
          return room.objects.replace(key, bytes, version);
        },
      };
      const life = { isOver: false };
      for (let call = 0; call < 2 && !life.isOver; call++) {
        await room
          .score(items, { objects: dying, run: `dying${call}` })
          .catch((thrown: unknown) => {
            assert.match((thrown as Error).message, /The plug was pulled/);
            life.isOver = true;
          });
      }
      if (!life.isOver) break;
      pulled++;
      // Claims of a process on its way lapse.
      room.clock.nowMs += 21 * minuteMs;
      for (let call = 0; call < 3; call++) await room.score(items, { run: `next${call}` });
      const done = await room.score(items, { run: "last" });
      assert.deepEqual(done.states, { scored: 100 }, `after ${at} writes`);
      const { times } = await room.ordered();
      assert.deepEqual([times.size, Math.max(...times.values())], [100, 1], `after ${at} writes`);
      assert.equal(room.asked(), 0);
    }
    assert.ok(pulled > 15, String(pulled));
  });
});
