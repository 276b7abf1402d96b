import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { StateMachine } from "aws-local-stepfunctions";
import { researchMachine } from "../../infra/research-machine.ts";
import { jobs } from "../../shared/catalogue.ts";
import { example } from "./support/configurations.ts";
import { record } from "./support/recorder.ts";

/** It has no types. */
const validate = createRequire(import.meta.url)("asl-validator") as (definition: object) => {
  isValid: boolean;
  errors: readonly unknown[];
};

const parts = {
  environment: "dev",
  queueArn: "arn:aws:batch:us-east-1:123456789012:job-queue/quarry-dev-loader",
  coordinatorArn: "arn:aws:batch:us-east-1:123456789012:job-definition/quarry-dev-coordinator",
  topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
  ingest: [jobs["daily-prices"].schedule.input],
};
const machine = researchMachine(parts);

/** What a task was given. */
interface Given {
  readonly EcsPropertiesOverride?: {
    readonly TaskProperties: readonly [
      { readonly Containers: readonly [{ readonly Command: readonly string[] }] },
    ];
  };
  readonly Message?: string;
}

class BatchFailure extends Error {
  constructor(name: string) {
    super(`${name} said no`);
    this.name = name;
  }
}

/** Runs the machine; tasks do nothing but fail as often as they are told to. What was asked, in order, and how it ended. */
async function run(
  input: object,
  failures: Readonly<Record<string, { readonly error: string; readonly times: number }>> = {},
): Promise<{ asked: string[]; error: string | undefined; messages: string[] }> {
  const asked: string[] = [];
  const messages: string[] = [];
  const left = new Map(Object.entries(failures).map(([state, { times }]) => [state, times]));
  const handler = (state: string) => (given: Given) => {
    const command = given.EcsPropertiesOverride?.TaskProperties[0].Containers[0].Command;
    asked.push(`${state}: ${command?.join(" ") ?? "message"}`);
    if (given.Message !== undefined) messages.push(given.Message);
    const times = left.get(state) ?? 0;
    if (times > 0) {
      left.set(state, times - 1);
      return Promise.reject(new BatchFailure(failures[state]!.error));
    }
    return Promise.resolve({});
  };
  const states = ["Ingest1", "Compute", "Evaluate", "Failed"];
  const execution = new StateMachine(machine as never, {
    validationOptions: { checkArn: false },
  }).run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        states.map((state) => [state, handler(state)]),
      ) as never,
      retryIntervalOverrides: Object.fromEntries(states.map((state) => [state, 0])),
    },
  });
  try {
    await execution.result;
    return { asked, error: undefined, messages };
  } catch (thrown) {
    return { asked, error: (thrown as Error).message, messages };
  }
}

const ingest = (from: string, to: string) =>
  `Ingest1: job backfill prices {"from":"${from}","to":"${to}"} --json`;
const compute = (from: string, to: string) =>
  `Compute: job compute {"from":"${from}","to":"${to}"} --json`;
const evaluate = "Evaluate: backfill evaluations --on aws-batch --env dev --json";

describe("the research run's machine", () => {
  it("is one that the language allows, in every example too", async () => {
    assert.deepEqual(validate(machine).errors, []);
    const { inputs } = (await record(example("production"))).one(
      "aws:sfn/stateMachine:StateMachine",
      "research",
    );
    const deployed = JSON.parse(inputs["definition"] as string) as object;
    assert.deepEqual(validate(deployed).errors, []);
    assert.ok((inputs["definition"] as string).length < 20_000);
  });

  it("ingests, computes and evaluates, in this order", async () => {
    assert.deepEqual(await run({}), {
      asked: [ingest("-10d", "session"), compute("-10d", "session"), evaluate],
      error: undefined,
      messages: [],
    });
  });

  it("is for the days that it is given", async () => {
    const { asked } = await run({ from: "2024-01-02", to: "2024-06-28" });
    assert.deepEqual(asked.slice(0, 2), [
      ingest("2024-01-02", "2024-06-28"),
      compute("2024-01-02", "2024-06-28"),
    ]);
  });

  it("refuses days that are none, tells of it, and fails", async () => {
    for (const input of [{ from: "yesterday" }, { to: 5 }, { from: "-10d", to: "soon" }]) {
      const { asked, error, messages } = await run(input);
      assert.deepEqual(asked, ["Failed: message"]);
      assert.match(error!, /InvalidInput|Expected/);
      assert.match(messages[0]!, /Expected .*days as YYYY-MM-DD/);
    }
  });

  for (const state of ["Ingest1", "Compute", "Evaluate"]) {
    it(`goes on where ${state} is refused by AWS for a while`, async () => {
      const { asked, error } = await run(
        {},
        { [state]: { error: "Batch.ServerException", times: 2 } },
      );
      assert.equal(error, undefined);
      assert.equal(asked.filter((line) => line.startsWith(state)).length, 3);
    });

    it(`fails, and tells of it, where the job of ${state} fails`, async () => {
      const { asked, error, messages } = await run(
        {},
        { [state]: { error: "States.TaskFailed", times: 1 } },
      );
      assert.notEqual(error, undefined);
      // Not tried again: the job had its own retries.
      assert.equal(asked.filter((line) => line.startsWith(state)).length, 1);
      assert.equal(messages.length, 1);
      assert.ok(asked.at(-1) === "Failed: message");
    });
  }

  it("is a failure even where nobody can be told", async () => {
    const { error } = await run(
      {},
      {
        Compute: { error: "States.TaskFailed", times: 1 },
        Failed: { error: "Sns.Down", times: 9 },
      },
    );
    assert.notEqual(error, undefined);
  });
});
