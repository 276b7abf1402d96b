import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { run as importNews } from "../../../jobs/import-news/job.ts";
import { plan, run, type ScoreNewsArgs } from "../../../jobs/score-news/job.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { s3Store } from "../../../shared/objects/s3.ts";
import { startBedrock } from "../../../shared/simulator/bedrock/server.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { bedrockAt, useEnvironment } from "../../support/environment.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { localClient, useMoto } from "../../support/moto.ts";
import { quarry } from "../../support/quarry.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const market = simulateMarket({
  seed: 8,
  securities: 3,
  from: parseTradingDay("2020-01-02"),
  to: parseTradingDay("2020-06-30"),
  delistingsPerYear: 0,
});
const nowMs = afterMarket(market);
const { ticker } = market.listings[0]!;
const words = ["profit", "lawsuit", "growth", "loss", "record", "decline", "merger", "outlook"];

describe("quarry score news --batch", () => {
  const warehouse = useSimulatedWarehouse(market);
  const folder = useTempFolder();
  const set = useEnvironment();
  const args: ScoreNewsArgs = {
    provider: "bedrock",
    model: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    from: undefined,
    to: undefined,
    tickers: undefined,
    prompt: undefined,
    budgetUsd: undefined,
    concurrency: 8,
    batch: true,
    wait: true,
  };

  before(async () => {
    const file = join(folder(), "news.jsonl");
    const lines = Array.from({ length: 110 }, (_, at) =>
      JSON.stringify({
        url: `https://example.org/${at}`,
        title: `Story ${at}`,
        // No two tell the same.
        text: [at, at * 3 + 1, at * 7 + 2, at * 11 + 3]
          .map((number) => `${words[number % 8]!} number ${number} of unit ${number * at}`)
          .join(", "),
        published_at: new Date(Date.parse("2020-01-06T15:00:00Z") + at * 86_400_000).toISOString(),
        tickers: [ticker],
      }),
    );
    await writeFile(file, lines.join("\n"));
    await importNews(
      { file, source: "archive", lossBudget: 0 },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );
  });

  it("wants a model of Bedrock, a role, and objects in S3; half the price is planned", async () => {
    const deps = jobDeps(warehouse(), nowMs);
    const single = await plan({ ...args, batch: false }, deps);
    const half = await plan(args, deps);
    assert.ok(single.dollars! > 0 && Math.abs(half.dollars! / single.dollars! - 0.5) < 1e-12);
    assert.equal(half.minutes, null);
    const refused = (changes: Partial<ScoreNewsArgs>, environment: Record<string, string> = {}) =>
      run({ ...args, ...changes }, jobDeps(warehouse(), nowMs, environment), noSignal);
    await assert.rejects(refused({ provider: "local", model: undefined }), {
      name: "InvalidInput",
      message: /^--batch: expected a model of Bedrock/,
    });
    await assert.rejects(refused({}), {
      name: "InvalidInput",
      message: /^BEDROCK_BATCH_ROLE_ARN is not set/,
    });
    await assert.rejects(
      refused({}, { BEDROCK_BATCH_ROLE_ARN: "arn:aws:iam::123456789012:role/x" }),
      { name: "InvalidInput", message: /expected QUARRY_OBJECTS in S3/ },
    );
    const { code, stderr } = await quarry(["score", "news", "--wait"], { home: folder() });
    assert.equal(code, 2);
    assert.match(stderr, /--wait: expected --batch with it/);
  });

  describe("through S3", () => {
    const url = useMoto();

    it("orders, waits, collects and writes scores down", async () => {
      const client = localClient(url());
      await client.send(
        new CreateBucketCommand({
          Bucket: "work",
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        }),
      );
      await using bedrock = await startBedrock({
        batches: { bucket: (name) => s3Store(name, "", client), looks: 2 },
      });
      set(bedrockAt(bedrock.url));
      const deps = jobDeps(warehouse(), nowMs, {
        AWS_REGION: "us-east-1",
        BEDROCK_BATCH_ROLE_ARN: "arn:aws:iam::123456789012:role/quarry-dev-bedrock-batch",
        QUARRY_POLL_SECONDS: "0.01",
      });
      const objects = s3Store("work", "some/prefix", client);
      const report = await run(args, { ...deps, objects }, noSignal);
      assert.equal(report.states.scored, report.stories);
      assert.equal(report.bought, report.stories);
      assert.ok(report.stories >= 100 && report.spent_usd! > 0);
      const [row] = await warehouse().rows<{ n: number; cost: number }>(
        "SELECT count() AS n, sum(cost_usd) AS cost FROM scores FINAL WHERE state = 'scored'",
      );
      assert.equal(row!.n, report.stories);
      assert.ok(Math.abs(row!.cost - report.spent_usd!) < 1e-9);
      const again = await run(args, { ...deps, objects }, noSignal);
      assert.deepEqual([again.bought, again.spent_usd], [0, 0]);
      client.destroy();
    });
  });
});
