import { jobs } from "../../../shared/catalogue.ts";
import { readStackConfig, type StackConfig } from "../../../infra/config.ts";

type Values = Readonly<Record<string, unknown>>;

/** Reads a configuration as `pulumi config` would give it: objects as JSON. */
export function configOf(stack: string, values: Values, catalogue = jobs): StackConfig {
  return readStackConfig(
    {
      stack,
      get: (key) => {
        const value = values[key];
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
      },
    },
    catalogue,
  );
}

const digest = `123456789012.dkr.ecr.us-east-1.amazonaws.com/quarry@sha256:${"a".repeat(64)}`;
const base: Values = {
  "aws:region": "us-east-1",
  "quarry:image": digest,
  "quarry:clickhouse": { kind: "ec2" },
};
const account = ["123456789012"];
const external = { kind: "external", url: "https://ch.example.com:8443/default", secret: "ours" };
/** One who reads prices and research, and one who reads all. */
const readers = [
  { principal: "arn:aws:iam::123456789012:role/analyst", classes: ["prices", "research"] },
  {
    principal: "arn:aws:iam::123456789012:role/desk",
    classes: ["prices", "research", "alternative"],
  },
];
const prod = { ...base, "aws:allowedAccountIds": account };

/** Examples of what an environment can be, by name: stack and values. */
export const examples: Readonly<Record<string, readonly [stack: string, values: Values]>> = {
  smallest: ["dev", { ...base, "quarry:network": { nat: "none" }, "quarry:clickhouse": external }],
  development: [
    "dev",
    {
      ...base,
      "quarry:image": "build",
      "quarry:clickhouse": {
        kind: "ec2",
        instanceType: "t4g.medium",
        volumeGiB: 50,
        stopWhenIdle: true,
      },
    },
  ],
  "two gateways": ["dev", { ...base, "quarry:network": { nat: "per-zone" } }],
  "three zones": ["dev", { ...base, "quarry:network": { zones: 3 } }],
  "another cidr": ["dev", { ...base, "quarry:network": { cidr: "10.7.0.0/20" } }],
  intel: ["dev", { ...base, "quarry:architecture": "x86_64", "quarry:clickhouse": external }],
  "their network": [
    "dev",
    {
      ...base,
      "quarry:network": { vpcId: "vpc-0abc", subnetIds: ["subnet-0a", "subnet-0b"] },
      "quarry:clickhouse": external,
    },
  ],
  bounded: [
    "dev",
    {
      ...base,
      "quarry:permissionsBoundary": "arn:aws:iam::123456789012:policy/boundary",
      "quarry:schedules": { enabled: true, overrides: { "daily-prices": "rate(1 day)" } },
      "quarry:alerts": { email: "quant@example.com", budgetUsdPerMonth: 500 },
      "quarry:reservedConcurrency": 2,
      "quarry:edgarContact": "Example Fund data@example.com",
      "quarry:bedrockModel": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      "quarry:tavilySecret": "tavily",
      "quarry:lanes": {
        yahoo: { ratePerSecond: 2, slots: 2 },
        bedrock: { ratePerSecond: 5000, slots: 3 },
      },
    },
  ],
  production: [
    "prod",
    {
      ...prod,
      "quarry:network": {
        zones: 3,
        nat: "per-zone",
        staticEgress: true,
        interfaceEndpoints: ["ecr.api", "ecr.dkr", "logs", "secretsmanager"],
      },
      "quarry:clickhouse": { kind: "ec2", instanceType: "r7g.2xlarge", volumeGiB: 1000 },
      "quarry:compute": { maxVcpus: 256 },
      "quarry:schedules": { enabled: true },
    },
  ],
  "with Redshift": [
    "dev",
    {
      ...base,
      "quarry:network": { zones: 3 },
      "quarry:clickhouse": external,
      "quarry:warehouse": { redshift: "serverless" },
      "quarry:redshift": { baseCapacity: 16, usageHoursPerDay: 24, snapshotDays: 3 },
    },
  ],
  "with S3 Tables": [
    "dev",
    {
      ...base,
      "quarry:network": { nat: "none" },
      "quarry:clickhouse": external,
      "quarry:warehouse": { lakehouse: "s3-tables" },
      "quarry:lakehouse": { readers, retentionDays: 10 },
    },
  ],
  "with Glue": [
    "dev",
    {
      ...base,
      "quarry:network": { nat: "none" },
      "quarry:clickhouse": external,
      "quarry:warehouse": { lakehouse: "glue-iceberg" },
      "quarry:lakehouse": { readers, scanLimitGiB: 10 },
    },
  ],
  "production that publishes": [
    "prod",
    {
      ...prod,
      "quarry:network": { zones: 3, nat: "per-zone" },
      "quarry:warehouse": { redshift: "serverless", lakehouse: "s3-tables" },
      "quarry:lakehouse": { readers },
    },
  ],
  "production, going": ["prod", { ...prod, "quarry:teardown": true }],
};

/** One of the examples. */
export function example(name: string): StackConfig {
  const [stack, values] = examples[name]!;
  return configOf(stack, values);
}
