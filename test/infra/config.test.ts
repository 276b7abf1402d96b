import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { BadConfig } from "../../infra/config.ts";
import { jobs, type JobSpec } from "../../shared/catalogue.ts";
import { configOf, examples } from "./support/configurations.ts";

const base = {
  "aws:region": "us-east-1",
  "quarry:clickhouse": { kind: "ec2" },
} as const;
const external = { kind: "external", url: "https://h:8443/default", secret: "s" };
const analyst = "arn:aws:iam::123456789012:role/analyst";
const none = { "quarry:network": { nat: "none" } };

/** What is wrong, and what the one line says. */
const refusals: readonly (readonly [
  what: string,
  values: object,
  message: RegExp,
  stack?: string,
])[] = [
  [
    "no region",
    { "aws:region": undefined },
    /^aws:region: expected a region such as us-east-1; run .*, got nothing\.$/,
  ],
  [
    "no ClickHouse",
    { "quarry:clickhouse": undefined },
    /^quarry:clickhouse: expected \{"kind": "ec2"\} or .*, got nothing\.$/,
  ],
  [
    "a key nobody knows",
    { "quarry:clickhouse": { kind: "ec2", size: 1 } },
    /^quarry:clickhouse.*size/,
  ],
  [
    "a zone count out of range",
    { "quarry:network": { zones: 7 } },
    /^quarry:network\.zones: .*<=6.*, got 7\.$/,
  ],
  [
    "zones the region lacks",
    { "aws:region": "us-west-1", "quarry:network": { zones: 3 } },
    /^quarry:network\.zones: expected at most 2, which us-west-1 has, got 3\.$/,
  ],
  [
    "a CIDR too small",
    { "quarry:network": { cidr: "10.0.0.0/24" } },
    /^quarry:network\.cidr: expected a network from \/16 to \/22, .*, got "10\.0\.0\.0\/24"\.$/,
  ],
  [
    "a CIDR that is none",
    { "quarry:network": { cidr: "ten" } },
    /^quarry:network\.cidr: expected addresses as 10\.42\.0\.0\/16, got "ten"\.$/,
  ],
  [
    "a gateway nobody has",
    { "quarry:network": { nat: "some" } },
    /^quarry:network\.nat: .*"none"\|"single"\|"per-zone", got "some"\.$/,
  ],
  [
    "half an existing network",
    { "quarry:network": { vpcId: "vpc-0a" } },
    /^quarry:network\.subnetIds: expected together with quarry:network\.vpcId/,
  ],
  [
    "ClickHouse in the open",
    none,
    /^quarry:network\.nat: expected single or per-zone with quarry:clickhouse\.kind "ec2".*external.*, got "none"\.$/,
  ],
  [
    "static addresses without a gateway",
    { "quarry:network": { nat: "none", staticEgress: true }, "quarry:clickhouse": external },
    /^quarry:network\.nat: expected single or per-zone with quarry:network\.staticEgress/,
  ],
  [
    "an image that is no digest",
    { "quarry:image": "quarry:latest" },
    /^quarry:image: expected build, or REPOSITORY@sha256:DIGEST, got "quarry:latest"\.$/,
  ],
  [
    "an Intel instance",
    { "quarry:clickhouse": { kind: "ec2", instanceType: "m5.large" } },
    /^quarry:clickhouse\.instanceType: expected a Graviton type.*, got "m5\.large"\.$/,
  ],
  [
    "a volume too small",
    { "quarry:clickhouse": { kind: "ec2", volumeGiB: 5 } },
    /^quarry:clickhouse\.volumeGiB: .*>=20, got 5\.$/,
  ],
  [
    "a zone beyond the network",
    { "quarry:clickhouse": { kind: "ec2", zone: "c" } },
    /^quarry:clickhouse\.zone: expected one of the 2 zones of the network, got "c"\.$/,
  ],
  [
    "plain HTTP",
    { "quarry:clickhouse": { ...external, url: "http://h" } },
    /^quarry:clickhouse\.url: expected an address as https:.*, got "http:\/\/h"\.$/,
  ],
  [
    "a malformed e-mail",
    { "quarry:alerts": { email: "quant" } },
    /^quarry:alerts\.email: expected an e-mail address, got "quant"\.$/,
  ],
  [
    "a contact without an address",
    { "quarry:edgarContact": "Example Fund" },
    /^quarry:edgarContact: expected a name and an e-mail address, got "Example Fund"\.$/,
  ],
  [
    "days that CloudWatch has not",
    { "quarry:logRetentionDays": 42 },
    /^quarry:logRetentionDays: .*, got 42\.$/,
  ],
  [
    "a schedule of no job",
    { "quarry:schedules": { overrides: { dance: "off" } } },
    /^quarry:schedules\.overrides\.dance: expected a job that has a schedule \(daily-prices, daily-facts, daily-news\), got "dance"\.$/,
  ],
  [
    "a time that is none",
    { "quarry:schedules": { overrides: { "daily-prices": "noon" } } },
    /^quarry:schedules\.overrides\.daily-prices: expected off, cron\(\.\.\.\) or rate\(\.\.\.\), got "noon"\.$/,
  ],
  [
    "fewer vCPUs than a job takes",
    { "quarry:compute": { maxVcpus: 1 } },
    /^quarry:compute\.maxVcpus: expected at least 2, which job inbox takes, got 1\.$/,
  ],
  [
    "a warehouse nobody knows",
    { "quarry:warehouse": { redshift: "provisioned" } },
    /^quarry:warehouse\.redshift: .*"none"\|"serverless", got "provisioned"\.$/,
  ],
  [
    "a lakehouse nobody knows",
    { "quarry:warehouse": { lakehouse: "hudi" } },
    /^quarry:warehouse\.lakehouse: .*"none"\|"s3-tables"\|"glue-iceberg", got "hudi"\.$/,
  ],
  [
    "Redshift in two zones",
    { "quarry:warehouse": { redshift: "serverless" } },
    /^quarry:network\.zones: expected at least 3 with quarry:warehouse\.redshift "serverless", which wants subnets in three zones, got 2\.$/,
  ],
  [
    "Redshift in two subnets of a network that is there",
    {
      "quarry:warehouse": { redshift: "serverless" },
      "quarry:network": { vpcId: "vpc-0a", subnetIds: ["subnet-0a", "subnet-0b"] },
    },
    /^quarry:network\.subnetIds: expected at least 3 with quarry:warehouse\.redshift .*, got \["subnet-0a","subnet-0b"\]\.$/,
  ],
  [
    "Redshift where subnets are public",
    {
      "quarry:warehouse": { redshift: "serverless" },
      "quarry:network": { zones: 3, nat: "none" },
      "quarry:clickhouse": external,
    },
    /^quarry:network\.nat: expected single or per-zone with quarry:warehouse\.redshift "serverless": its subnets must be private, got "none"\.$/,
  ],
  ...[4, 12, 520].map(
    (baseCapacity) =>
      [
        `${baseCapacity} RPUs`,
        { "quarry:redshift": { baseCapacity } },
        new RegExp(
          `^quarry:redshift\\.baseCapacity: .*(>=8|multiple of 8|<=512), got ${baseCapacity}\\.$`,
        ),
      ] as const,
  ),
  [
    "a reader that is everybody",
    {
      "quarry:lakehouse": {
        readers: [{ principal: "IAM_ALLOWED_PRINCIPALS", classes: ["prices"] }],
      },
    },
    /^quarry:lakehouse\.readers\.0\.principal: expected a role or user as arn:.*, got "IAM_ALLOWED_PRINCIPALS"\.$/,
  ],
  [
    "a class nobody knows",
    { "quarry:lakehouse": { readers: [{ principal: analyst, classes: ["secret"] }] } },
    /^quarry:lakehouse\.readers\.0\.classes\.0: .*"prices"\|"research"\|"alternative", got "secret"\.$/,
  ],
  [
    "a reader of nothing",
    { "quarry:lakehouse": { readers: [{ principal: analyst, classes: [] }] } },
    /^quarry:lakehouse\.readers\.0\.classes: .*>=1.*, got \[\]\.$/,
  ],
  [
    "a reader who is there twice",
    {
      "quarry:lakehouse": {
        readers: [
          { principal: analyst, classes: ["prices"] },
          { principal: analyst, classes: ["research"] },
        ],
      },
    },
    /^quarry:lakehouse\.readers: expected each principal once, with all its classes, got "arn:aws:iam::123456789012:role\/analyst"\.$/,
  ],
  [
    "a lakehouse whose names would end with a hyphen",
    { "quarry:warehouse": { lakehouse: "s3-tables" } },
    /^the stack's name: expected a letter or digit at its end with quarry:warehouse\.lakehouse.*, got "dev-"\.$/,
    "dev-",
  ],
  [
    "prod without its account",
    {},
    /^aws:allowedAccountIds: expected the account of production.*, got nothing\.$/,
    "prod",
  ],
  [
    "an account that is none",
    { "aws:allowedAccountIds": ["12"] },
    /^aws:allowedAccountIds: expected a list of accounts of 12 digits/,
  ],
  [
    "prod without protection",
    { "aws:allowedAccountIds": ["123456789012"], "quarry:protect": false },
    /^quarry:protect: expected true in prod; quarry:teardown takes it down/,
    "prod",
  ],
  [
    "a stack's name too long",
    {},
    /^the stack's name: expected at most 16 small letters/,
    "a-very-long-environment",
  ],
];

describe("a stack's configuration", () => {
  for (const [what, values, message, stack = "dev"] of refusals) {
    it(`refuses ${what}, in one line that names key and value`, () => {
      assert.throws(
        () => configOf(stack, { ...base, ...values }),
        (thrown: unknown) => {
          assert.ok(thrown instanceof BadConfig);
          assert.match(thrown.message, message);
          assert.ok(!thrown.message.includes("\n"));
          return true;
        },
      );
    });
  }

  it("refuses memory that Fargate does not have, naming the job", () => {
    const odd: JobSpec = { ...jobs["compute-factors"], memoryMiB: 1000 };
    assert.throws(
      () => configOf("dev", base, { ...jobs, odd } as never),
      /^Error: job odd of the catalogue: Fargate has 2048 to 8192 MiB in steps of 1024 with 1 vCPUs, not 1000/,
    );
  });

  it("refuses a job that is started where it does not run, naming it", () => {
    const { schedule } = jobs["daily-prices"];
    const odd: JobSpec = { ...jobs["compute-factors"], schedule };
    assert.throws(
      () => configOf("dev", base, { ...jobs, odd } as never),
      /^Error: job odd of the catalogue: expected lambda among .* it has a schedule, got \["batch"\]\.$/,
    );
  });

  it("refuses a job that publishes on Lambda, naming it", () => {
    const odd: JobSpec = { ...jobs.publish, runsOn: ["batch", "lambda"] };
    assert.throws(
      () => configOf("dev", base, { ...jobs, odd } as never),
      /^Error: job odd of the catalogue: expected batch alone, as it publishes tables, got/,
    );
  });

  it("publishes nowhere by default, and bounds what would be published", () => {
    const { warehouse, redshift, lakehouse } = configOf("dev", base);
    assert.deepEqual(warehouse, { redshift: "none", lakehouse: "none" });
    assert.deepEqual(redshift, { baseCapacity: 8, usageHoursPerDay: 16, snapshotDays: 7 });
    assert.deepEqual(lakehouse, {
      retentionDays: 30,
      scanLimitGiB: 100,
      readers: [],
      federate: true,
    });
  });

  it("has a default for all but region and ClickHouse", () => {
    const { network, compute, schedules, protect, architecture } = configOf("dev", base);
    assert.deepEqual(
      [network.nat, network.zones, network.cidr, compute.maxVcpus, schedules.enabled],
      ["single", 2, "10.42.0.0/16", 16, false],
    );
    assert.deepEqual([protect, architecture], [false, "arm64"]);
  });

  it("is protected in prod", () => {
    const account = { "aws:allowedAccountIds": ["123456789012"] };
    assert.equal(configOf("prod", { ...base, ...account }).protect, true);
  });

  it("of every example can be read", () => {
    for (const [stack, values] of Object.values(examples)) configOf(stack, values);
  });

  for (const stack of ["dev", "prod"]) {
    it(`of Pulumi.${stack}.yaml can be read, and says what every key is for`, () => {
      const text = readFileSync(new URL(`../../Pulumi.${stack}.yaml`, import.meta.url), "utf8");
      const { config } = parse(text) as { config: Record<string, unknown> };
      assert.ok(Object.keys(config).length >= 8);
      configOf(stack, config);
      // A key that nobody explains is one that nobody dares to change.
      const lines = text.split("\n");
      const bare = lines.filter(
        (line, at) =>
          /^ {2}\S+:/.test(line) &&
          !/^\s*#/.test(lines[at - 1]!) &&
          !/^\s*#/.test(lines[at + 1] ?? ""),
      );
      assert.deepEqual(
        bare.filter((line) => !/schedules|network|compute|alerts|clickhouse/.test(line)),
        [],
      );
    });
  }
});
