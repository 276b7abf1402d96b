import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../../shared/clock.ts";
import { parseDeployment } from "../../../shared/backfill/deployment.ts";
import { awsBatchExecutor, batchFacts } from "../../../shared/backfill/executors/aws-batch.ts";
import type {
  Executor,
  OrderStatus,
  WorkOrder,
} from "../../../shared/backfill/executors/executor.ts";
import { shardOf } from "../../../shared/backfill/shard.ts";
import { SourceRejected } from "../../../shared/errors.ts";
import { BatchControlPlane, type Mishaps } from "../../support/batch-control-plane.ts";
import { noSignal } from "../../support/job-deps.ts";

const deployment = parseDeployment(
  JSON.stringify({
    version: 2,
    region: "us-east-1",
    prefix: "quarry-test",
    objects: "s3://quarry-test/objects",
  }),
  "test",
);

/** A container's program: ends with the code that its environment gives its shard, or rests. */
const program = `
  const shard = Number(process.env.AWS_BATCH_JOB_ARRAY_INDEX ?? 0) + Number(process.env.QUARRY_SHARD_OFFSET ?? 0);
  const code = Number((process.env.CODES ?? "").split(",")[shard] || 0);
  setTimeout(() => process.exit(code), Number(process.env.REST_MS ?? 0));
`;

const order: WorkOrder = {
  runId: "r20260105t120000abc",
  name: "1-1",
  job: "backfill-prices",
  command: ["work", "r20260105t120000abc"],
  children: 3,
  vcpus: 0.5,
  memoryMiB: 1024,
  timeoutSeconds: 60,
  spot: true,
  share: "prices",
  tags: { "quarry:run": "r20260105t120000abc" },
};

/** Runs with the SDK's endpoint and credentials in the environment, as its own tools do; set back afterwards. */
async function withPlane(
  options: { environment?: Record<string, string>; mishaps?: Mishaps },
  use: (executor: Executor, plane: BatchControlPlane) => Promise<void>,
): Promise<void> {
  const plane = new BatchControlPlane({
    queues: ["quarry-test-spot", "quarry-test-on-demand", "quarry-test-loader"],
    jobDefinitions: ["quarry-test-backfill-prices"],
    entry: [process.execPath, "-e", program, "--"],
    environment: options.environment ?? {},
    mishaps: options.mishaps ?? {},
  });
  const endpoint = await plane.start();
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  const executor = awsBatchExecutor(deployment, systemClock, 20);
  try {
    await use(executor, plane);
  } finally {
    await executor.close();
    await plane.stop();
    for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
}

async function over(executor: Executor, name = order.name): Promise<OrderStatus> {
  for (;;) {
    const [status] = await executor.status(order.runId, [name], noSignal);
    if (status && status.children.waiting + status.children.running === 0) return status;
    await sleep(20);
  }
}

describe("the executor on AWS Batch", () => {
  it("submits an array with share, tags, limits and a retry strategy that ends with EXIT", async () => {
    await withPlane({}, async (executor, plane) => {
      await executor.submit(order, noSignal);
      const status = await over(executor);
      assert.deepEqual(status.children, { waiting: 0, running: 0, done: 3, later: 0, failed: 0 });
      assert.ok(status.vcpuSeconds > 0);
      const [submitted] = plane.submissions;
      assert.equal(submitted!.jobQueue, "quarry-test-spot");
      assert.equal(submitted!.arrayProperties?.size, 3);
      assert.equal(submitted!.shareIdentifier, "prices");
      assert.equal(submitted!.timeout?.attemptDurationSeconds, 60);
      assert.deepEqual(submitted!.tags, order.tags);
      assert.deepEqual(submitted!.retryStrategy?.evaluateOnExit?.at(-1), {
        onReason: "*",
        action: "EXIT",
      });
    });
  });

  it("tells children that failed from those that are to be tried later, by shard", async () => {
    await withPlane({ environment: { CODES: "0,75,1" } }, async (executor, plane) => {
      await executor.submit(order, noSignal);
      const { children, failures } = await over(executor);
      assert.deepEqual([children.done, children.later, children.failed], [1, 1, 1]);
      assert.deepEqual(
        failures.map(({ shard, state, exitCode }) => [shard, state, exitCode]),
        [
          [1, "later", 75],
          [2, "failed", 1],
        ],
      );
      // Our own exit codes are none of Batch's business.
      assert.deepEqual(plane.attemptsOf(0), [1, 1, 1]);
    });
  });

  it("sends a job of one without an array, whose shard is 0", async () => {
    await withPlane({}, async (executor, plane) => {
      await executor.submit({ ...order, children: 1, spot: false }, noSignal);
      assert.equal((await over(executor)).children.done, 1);
      assert.equal(plane.submissions[0]!.arrayProperties, undefined);
      assert.equal(plane.submissions[0]!.jobQueue, "quarry-test-on-demand");
      assert.equal(shardOf({}), 0);
      assert.equal(shardOf({ AWS_BATCH_JOB_ARRAY_INDEX: "7" }), 7);
      assert.equal(shardOf({ AWS_BATCH_JOB_ARRAY_INDEX: "7", QUARRY_SHARD: "3" }), 3);
    });
  });

  it("is run again by Batch where Spot takes its machine away", async () => {
    await withPlane({ environment: { REST_MS: "400" } }, async (executor, plane) => {
      await executor.submit({ ...order, children: 2 }, noSignal);
      while (!plane.interrupt()) await sleep(10);
      const { children } = await over(executor);
      assert.equal(children.done, 2);
      assert.equal(
        plane.attemptsOf(0).reduce((sum, attempts) => sum + attempts),
        3,
      );
    });
  });

  it("finds a submit whose reply was lost by its name, although it is not listed at once", async () => {
    const mishaps = { lostReplies: 1, listedAfterMs: 30 };
    await withPlane({ mishaps }, async (executor, plane) => {
      await executor.submit(order, noSignal);
      assert.equal(plane.submissions.length, 1);
      assert.equal((await over(executor)).children.done, 3);
    });
  });

  it("sends again what never arrived", async () => {
    await withPlane({ mishaps: { lostRequests: 1 } }, async (executor, plane) => {
      await executor.submit(order, noSignal);
      assert.equal(plane.submissions.length, 1);
      assert.equal(plane.requests.filter((operation) => operation === "submitjob").length, 2);
    });
  });

  it("submits an order once, however often it is told to, by another coordinator too", async () => {
    await withPlane({}, async (executor, plane) => {
      await executor.submit(order, noSignal);
      await executor.submit(order, noSignal);
      const other = awsBatchExecutor(deployment, systemClock, 20);
      await other.submit(order, noSignal);
      await other.close();
      assert.equal(plane.submissions.length, 1);
    });
  });

  it("cuts an order that no array holds, and its children count on; found again by another coordinator", async () => {
    await withPlane({ environment: { CODES: "0,0,0,0,1" } }, async (_, plane) => {
      const open = () => awsBatchExecutor(deployment, systemClock, 20, 2);
      const executor = open();
      await executor.submit({ ...order, children: 5 }, noSignal);
      const { children, failures } = await over(executor);
      assert.deepEqual([children.done, children.failed], [4, 1]);
      assert.deepEqual(
        failures.map(({ shard }) => shard),
        [4],
      );
      assert.deepEqual(
        plane.submissions.map(({ arrayProperties }) => arrayProperties?.size),
        [2, 2, undefined],
      );
      const offsets = plane.submissions.map(({ container: { environment } }) =>
        environment.find(({ name }) => name === "QUARRY_SHARD_OFFSET"),
      );
      assert.deepEqual(
        offsets.map((offset) =>
          shardOf({ AWS_BATCH_JOB_ARRAY_INDEX: "1", [offset?.name ?? ""]: offset?.value }),
        ),
        [1, 3, 5],
      );
      const other = open();
      await other.submit({ ...order, children: 5 }, noSignal);
      assert.equal(plane.submissions.length, 3);
      assert.deepEqual((await over(other)).children, children);
      await executor.close();
      await other.close();
    });
  });

  it("waits out throttling, and ends children that are cancelled", async () => {
    const options = { environment: { REST_MS: "60000" }, mishaps: { throttled: 2 } };
    await withPlane(options, async (executor) => {
      await executor.submit({ ...order, children: 2 }, noSignal);
      await executor.cancel(order.runId, [order.name], "enough");
      const { children } = await over(executor);
      assert.equal(children.failed, 2);
    });
  });

  it("tells the doctor of environments, and of children that failed", async () => {
    await withPlane({ environment: { CODES: "0,0,1" } }, async (executor) => {
      await executor.submit(order, noSignal);
      await over(executor);
      const { environments, jobs, quotas } = await batchFacts(deployment, order.runId);
      assert.deepEqual(quotas, [
        { name: "Fargate Spot", vcpus: 64 },
        { name: "Fargate on demand", vcpus: 64 },
      ]);
      assert.deepEqual(
        environments.map(({ name, status, maxVcpus }) => [name, status, maxVcpus]),
        [
          ["quarry-test-spot-environment", "VALID", 16],
          ["quarry-test-on-demand-environment", "VALID", 16],
          ["quarry-test-loader-environment", "VALID", 16],
        ],
      );
      assert.deepEqual(
        jobs.map(({ name, status, exitCode }) => [name, status, exitCode]),
        [["quarry-r20260105t120000abc-1-1:2", "FAILED", 1]],
      );
    });
  });

  it("says in one sentence that a queue or a definition is not there", async () => {
    await withPlane({}, async (_, plane) => {
      const wrong = awsBatchExecutor(deployment, systemClock, 20);
      await assert.rejects(wrong.submit({ ...order, job: "inbox" }, noSignal), {
        constructor: SourceRejected,
        message:
          /JobDefinition quarry-test-inbox not found.*is the environment deployed in this region/,
      });
      await wrong.close();
      assert.equal(plane.submissions.length, 0);
    });
  });
});

describe("a deployment", () => {
  it("of a newer version, or that is none, is refused in one sentence", () => {
    // Of its other fields nobody knows anything yet.
    const newer = JSON.stringify({ version: 3, regions: ["us-east-1"] });
    assert.throws(() => parseDeployment(newer, "prod"), /by a newer version of Quarry \(format 3/);
    assert.throws(
      () => parseDeployment("{}", "prod"),
      /\/quarry\/prod\/deployment is no deployment/,
    );
  });
});
