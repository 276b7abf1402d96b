import { z } from "zod";
import type { JobSpec } from "../shared/catalogue.ts";
import { whyNoFargate } from "./fargate.ts";
import { zonesOf } from "./regions.ts";
import {
  lakehouseSchema,
  redshiftSchema,
  warehouseProblem,
  warehouseSchema,
} from "./warehouse-config.ts";

/** A configuration that can't be deployed: which key, what it says, what is allowed, what to do. */
export class BadConfig extends Error {}

/** Where values come from: `pulumi.Config`, or a table in a test. */
export interface ConfigSource {
  readonly stack: string;
  /** The text of a key such as `quarry:image`; objects as JSON. */
  get(key: string): string | undefined;
}

const text = z.string().min(1);

const networkSchema = z.strictObject({
  /** Addresses of the network, /16 to /22; sixteen subnets fit into it. */
  cidr: z
    .string()
    .regex(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, "expected addresses as 10.42.0.0/16")
    .default("10.42.0.0/16"),
  /** Availability zones, 2 to 6. */
  zones: z.int().min(2).max(6).default(2),
  /** How private subnets reach the internet. */
  nat: z.enum(["none", "single", "per-zone"]).default("single"),
  /** True when a vendor lists our addresses: they must not change. */
  staticEgress: z.boolean().default(false),
  /** Services of AWS that are reached without the gateway, by the ends of their names. */
  interfaceEndpoints: z.array(z.string().regex(/^[a-z0-9.-]+$/)).default([]),
  /** A network that is there already, and the subnets for tasks in it, in the order of their zones: a first. */
  vpcId: z
    .string()
    .regex(/^vpc-[0-9a-f]+$/, "expected an id as vpc-0abc")
    .optional(),
  subnetIds: z
    .array(z.string().regex(/^subnet-[0-9a-f]+$/))
    .min(2)
    .optional(),
});

const clickhouseSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("ec2"),
    /** Graviton alone. */
    instanceType: z
      .string()
      .regex(/^[a-z]+\d+g[a-z]*\.\w+$/, "expected a Graviton type such as r7g.xlarge")
      .default("t4g.medium"),
    volumeGiB: z.int().min(20).max(16_384).default(50),
    /** Zone of instance and volume, by its letter: a volume can't move. */
    zone: z
      .string()
      .regex(/^[a-f]$/, "expected a letter from a to f")
      .default("a"),
    /** Pinned: the server is upgraded on purpose. */
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+\.\d+$/, "expected a version as 25.8.2.29")
      .default("25.8.2.29"),
    stopWhenIdle: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal("external"),
    url: z
      .string()
      .regex(/^https:\/\/[^\s/]+/, "expected an address as https://host:8443/database"),
    /** Name of a secret that is there already and holds the password. */
    secret: text,
    user: text.default("quarry"),
  }),
]);

const schema = z.strictObject({
  architecture: z.enum(["arm64", "x86_64"]).default("arm64"),
  /** `build`, or a digest that was built elsewhere. */
  image: z
    .string()
    .regex(
      /^(build|[\w.-]+(:\d+)?\/[\w./-]+@sha256:[0-9a-f]{64})$/,
      "expected build, or REPOSITORY@sha256:DIGEST",
    )
    .default("build"),
  network: networkSchema.default(networkSchema.parse({})),
  clickhouse: clickhouseSchema,
  compute: z
    .strictObject({ maxVcpus: z.int().min(1).max(10_000).default(16) })
    .default({ maxVcpus: 16 }),
  schedules: z
    .strictObject({
      enabled: z.boolean().default(false),
      /** Another time for a job, or `off`. */
      overrides: z.record(z.string(), z.string()).default({}),
    })
    .default({ enabled: false, overrides: {} }),
  /** Who asks EDGAR, with an e-mail address: it serves nobody without, and its jobs end with a sentence that says so. */
  edgarContact: z
    .string()
    .regex(/^[\x20-\x7e]*\S@\S+\.\S[\x20-\x7e]*$/, "expected a name and an e-mail address")
    .optional(),
  /** Model of Bedrock, or inference profile, that texts are scored by; word lists where none is set. */
  bedrockModel: z
    .string()
    .regex(/^[a-z0-9][\w.:-]{3,200}$/, "expected the id of a model or inference profile")
    .optional(),
  /** Name of a secret that is there already and holds the key of Tavily; its jobs end with a sentence without one. */
  tavilySecret: z
    .string()
    .regex(/^[\w/+=.@-]{1,512}$/, "expected the name of a secret")
    .optional(),
  /** Kept back for each function where set; a new account has 10 in all. */
  reservedConcurrency: z.int().min(1).max(1000).optional(),
  logRetentionDays: z
    .literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653])
    .default(30),
  alerts: z
    .strictObject({
      email: z.email("expected an e-mail address").optional(),
      budgetUsdPerMonth: z.number().min(1).default(100),
    })
    .default({ budgetUsdPerMonth: 100 }),
  /** Budgets of lanes where environments share an address, a key or an account: requests a second (of bedrock tokens), and slots. */
  lanes: z
    .record(
      z.string(),
      z.strictObject({ ratePerSecond: z.number().positive(), slots: z.int().min(1).max(1000) }),
    )
    .default({}),
  permissionsBoundary: z
    .string()
    .regex(/^arn:aws[\w-]*:iam::\d{12}:policy\/.+$/)
    .optional(),
  /** Data can't be destroyed, not even replaced. True in prod by default. */
  protect: z.boolean().optional(),
  /** First of the two steps that take a protected stack down: backs up, and lifts the protection. */
  teardown: z.boolean().default(false),
  /** Where tables are published to; nothing of what is "none" exists. */
  warehouse: warehouseSchema.default(warehouseSchema.parse({})),
  /** Of Redshift, where there is one. */
  redshift: redshiftSchema.default(redshiftSchema.parse({})),
  /** Of the lakehouse, where there is one. */
  lakehouse: lakehouseSchema.default(lakehouseSchema.parse({})),
});

/** All that a stack is configured by. */
export interface StackConfig extends z.output<typeof schema> {
  /** The stack's name, which is the environment's. */
  readonly environment: string;
  readonly region: string;
  readonly protect: boolean;
  readonly allowedAccountIds: readonly string[];
}

function refuse(key: string, value: unknown, expected: string): never {
  const came = value === undefined ? "nothing" : JSON.stringify(value);
  throw new BadConfig(`${key}: ${expected}, got ${came}.`);
}

/**
 * Reads and checks all of a stack's configuration, before anything is made.
 *
 * @param jobs what the catalogue wants to run
 * @throws BadConfig naming key, value and what is allowed
 */
export function readStackConfig(
  source: ConfigSource,
  jobs: Readonly<Record<string, JobSpec>>,
): StackConfig {
  const raw: Record<string, unknown> = {};
  for (const key of Object.keys(schema.shape)) {
    const said = source.get(`quarry:${key}`);
    if (said !== undefined) raw[key] = parsed(said);
  }
  if (raw["clickhouse"] === undefined) {
    refuse(
      "quarry:clickhouse",
      undefined,
      'expected {"kind": "ec2"} or {"kind": "external", "url", "secret"}; set it in Pulumi.<stack>.yaml',
    );
  }
  const result = schema.safeParse(raw);
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue?.path.map(String) ?? [];
    refuse(
      `quarry:${path.join(".")}`,
      at(raw, path),
      (issue?.message ?? "").replace(/^Invalid input: /, ""),
    );
  }
  const config = {
    ...result.data,
    environment: source.stack,
    region:
      source.get("aws:region") ??
      refuse(
        "aws:region",
        undefined,
        'expected a region such as us-east-1; run "pulumi config set aws:region ..."',
      ),
    protect: result.data.protect ?? source.stack === "prod",
    allowedAccountIds: accounts(source.get("aws:allowedAccountIds")),
  };
  checkTogether(config, jobs);
  return config;
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said) as unknown;
  } catch {
    return said;
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
    value,
  );
}

function accounts(said: string | undefined): string[] {
  if (said === undefined) return [];
  const value = parsed(said);
  const list = z.array(z.string().regex(/^\d{12}$/)).safeParse(value);
  return list.success
    ? list.data
    : refuse("aws:allowedAccountIds", value, "expected a list of accounts of 12 digits");
}

/** What only the values together can say. */
function checkTogether(config: StackConfig, jobs: Readonly<Record<string, JobSpec>>): void {
  const { environment, region, network, clickhouse, schedules, allowedAccountIds, protect } =
    config;
  if (!/^[a-z][a-z0-9-]{0,15}$/.test(environment)) {
    refuse(
      "the stack's name",
      environment,
      "expected at most 16 small letters, digits and hyphens, a letter first",
    );
  }
  if (environment === "prod" && allowedAccountIds.length === 0) {
    refuse(
      "aws:allowedAccountIds",
      undefined,
      "expected the account of production, so that no other is touched",
    );
  }
  if (environment === "prod" && !protect && !config.teardown) {
    refuse(
      "quarry:protect",
      false,
      "expected true in prod; quarry:teardown takes it down in two steps",
    );
  }
  if (network.zones > zonesOf(region)) {
    refuse(
      "quarry:network.zones",
      network.zones,
      `expected at most ${zonesOf(region)}, which ${region} has`,
    );
  }
  const size = Number(network.cidr.split("/")[1]);
  if (size < 16 || size > 22) {
    refuse(
      "quarry:network.cidr",
      network.cidr,
      "expected a network from /16 to /22, which holds sixteen subnets",
    );
  }
  if ((network.vpcId === undefined) !== (network.subnetIds === undefined)) {
    refuse(
      "quarry:network.subnetIds",
      network.subnetIds,
      "expected together with quarry:network.vpcId",
    );
  }
  if (network.nat === "none" && network.vpcId === undefined) {
    if (clickhouse.kind === "ec2") {
      refuse(
        "quarry:network.nat",
        "none",
        'expected single or per-zone with quarry:clickhouse.kind "ec2", which must not be reached from outside; or take an external ClickHouse',
      );
    }
    if (network.staticEgress) {
      refuse(
        "quarry:network.nat",
        "none",
        "expected single or per-zone with quarry:network.staticEgress: without a gateway addresses change",
      );
    }
  }
  const places = network.subnetIds?.length ?? network.zones;
  if (clickhouse.kind === "ec2" && clickhouse.zone.charCodeAt(0) - 97 >= places) {
    refuse(
      "quarry:clickhouse.zone",
      clickhouse.zone,
      `expected one of the ${places} zones of the network`,
    );
  }
  const problem = warehouseProblem(config);
  if (problem !== undefined) refuse(...problem);
  for (const [job, expression] of Object.entries(schedules.overrides)) {
    if (jobs[job]?.schedule === undefined) {
      const known = Object.keys(jobs).filter((name) => jobs[name]!.schedule !== undefined);
      refuse(
        `quarry:schedules.overrides.${job}`,
        job,
        `expected a job that has a schedule (${known.join(", ")})`,
      );
    }
    if (expression !== "off" && !/^(cron|rate)\(.+\)$/.test(expression)) {
      refuse(
        `quarry:schedules.overrides.${job}`,
        expression,
        "expected off, cron(...) or rate(...)",
      );
    }
  }
  for (const [job, spec] of Object.entries(jobs)) {
    const { runsOn, vcpus, memoryMiB, schedule, inbox } = spec;
    if (spec.publishes === true && runsOn.includes("lambda")) {
      refuse(`job ${job} of the catalogue`, runsOn, "expected batch alone, as it publishes tables");
    }
    if ((schedule !== undefined || inbox !== undefined) && !runsOn.includes("lambda")) {
      const why = schedule === undefined ? "an inbox" : "a schedule";
      refuse(
        `job ${job} of the catalogue`,
        runsOn,
        `expected lambda among what it runs on, as it has ${why}`,
      );
    }
    const why = runsOn.includes("batch") ? whyNoFargate(vcpus, memoryMiB) : undefined;
    if (why !== undefined) refuse(`job ${job} of the catalogue`, { vcpus, memoryMiB }, why);
    if (runsOn.includes("batch") && vcpus > config.compute.maxVcpus) {
      refuse(
        "quarry:compute.maxVcpus",
        config.compute.maxVcpus,
        `expected at least ${vcpus}, which job ${job} takes`,
      );
    }
  }
}
