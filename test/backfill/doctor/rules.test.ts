import assert from "node:assert/strict";
import {
  examine,
  rules,
  type Facts,
  type JobFacts,
} from "../../../shared/backfill/doctor/rules.ts";

const nowMs = Date.UTC(2026, 0, 5, 12);
const healthy: Facts = {
  nowMs,
  clockSkewMs: 200,
  lanes: [{ key: "lanes/yahoo/000.json", holder: "r1/0", alive: true, leftMs: 20_000 }],
  deadRuns: [],
  environments: [
    { name: "quarry-dev-spot", status: "VALID", statusReason: "", state: "ENABLED", maxVcpus: 64 },
  ],
  jobs: [],
  quotas: [{ name: "Fargate Spot", vcpus: 100 }],
  vcpusWanted: 4,
};
const job = (facts: Partial<JobFacts>): JobFacts => ({
  name: "quarry-r1-1-1",
  status: "FAILED",
  statusReason: "",
  containerReason: "",
  exitCode: undefined,
  createdAt: nowMs - 60_000,
  attempts: 1,
  ...facts,
});

/** A rule, the facts as the API replies them, and what its sentence and remedy must say. */
const cases: readonly (readonly [string, Partial<Facts>, RegExp, RegExp])[] = [
  [
    "environment-invalid",
    {
      environments: [
        {
          name: "quarry-dev-spot",
          status: "INVALID",
          statusReason:
            "CLIENT_ERROR - User: arn:aws:sts::123456789012:assumed-role/x is not authorized to perform: sts:AssumeRole",
          state: "ENABLED",
          maxVcpus: 64,
        },
      ],
    },
    /quarry-dev-spot is INVALID: CLIENT_ERROR/,
    /role can't be used/,
  ],
  [
    "environment-disabled",
    { environments: [{ ...healthy.environments[0]!, state: "DISABLED" }] },
    /is disabled/,
    /Enable it/,
  ],
  [
    "runnable-for-long",
    {
      jobs: [
        job({
          status: "RUNNABLE",
          createdAt: nowMs - 40 * 60_000,
          statusReason: "MISCONFIGURATION: CAPACITY - no capacity in the zones",
        }),
      ],
    },
    /RUNNABLE for 40 minutes/,
    /on-demand queue/,
  ],
  [
    "runnable-for-long",
    { jobs: [job({ status: "RUNNABLE", createdAt: nowMs - 90 * 60_000 })] },
    /RUNNABLE for 1\.5 h/,
    /waits for its turn/,
  ],
  [
    "spot-interruptions",
    { jobs: [job({ statusReason: "Host EC2 (instance i-0b22a22eec53b9321) terminated." })] },
    /Spot took 1 child away/,
    /nothing is lost/,
  ],
  [
    "out-of-memory",
    {
      jobs: [
        job({
          exitCode: 137,
          containerReason: "OutOfMemoryError: Container killed due to memory usage",
        }),
      ],
    },
    /1 child was killed for memory/,
    /memoryMiB/,
  ],
  [
    "image-not-pulled",
    {
      jobs: [
        job({
          statusReason:
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref: not found",
        }),
      ],
    },
    /can't be pulled: CannotPullContainerError/,
    /Push the image/,
  ],
  [
    "secret-not-read",
    {
      jobs: [
        job({
          statusReason:
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm",
        }),
      ],
    },
    /A secret of .* can't be read/,
    /GetSecretValue/,
  ],
  [
    "throttled",
    { jobs: [job({ statusReason: "ECS was unable: Rate exceeded (ThrottlingException)" })] },
    /throttled 1 calls/,
    /quota/,
  ],
  [
    "no-route",
    { jobs: [job({ containerReason: "fetch failed: connect ENETUNREACH 203.0.113.7:443" })] },
    /no route to the vendor/,
    /NAT gateway/,
  ],
  [
    "quota",
    { quotas: [{ name: "Fargate Spot", vcpus: 6 }], vcpusWanted: 16 },
    /wants 16 vCPUs.* may have 6/,
    /Service Quotas/,
  ],
  ["clock-skew", { clockSkewMs: -900_000 }, /15 minutes ahead of/, /Set the clock/],
  [
    "lane-held-by-the-dead",
    { lanes: [{ key: "lanes/yahoo/001.json", holder: "r1/1", alive: false, leftMs: 12_300 }] },
    /held by r1\/1, which is dead/,
    /others in 13 s/,
  ],
  ["run-without-coordinator", { deadRuns: ["r7"] }, /Run r7 says/, /quarry retry r7/],
];

describe("the doctor", () => {
  it("finds nothing where nothing is wrong", () => {
    assert.deepEqual(examine(healthy), []);
  });

  for (const [rule, facts, sentence, remedy] of cases) {
    it(`says ${rule} and what to do, in a sentence each (${String(sentence)})`, () => {
      const found = examine({ ...healthy, ...facts });
      assert.deepEqual(
        found.map((finding) => finding.rule),
        [rule],
      );
      assert.match(found[0]!.sentence, sentence);
      assert.match(found[0]!.remedy, remedy);
      assert.doesNotMatch(found[0]!.sentence, /\n/);
    });
  }

  it("has a case for every rule", () => {
    assert.equal(new Set(cases.map(([rule]) => rule)).size, rules.length);
  });
});
