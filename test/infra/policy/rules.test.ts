import assert from "node:assert/strict";
import type { Resource, Setting } from "../../../infra/policy/resource.ts";
import { rules } from "../../../infra/policy/rules.ts";
import { example, examples } from "../support/configurations.ts";
import { brokenPromises } from "../support/promises.ts";
import { record } from "../support/recorder.ts";

const setting: Setting = { environment: "dev", publicTasks: false, teardown: false };
const document = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const allow = { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::b/*"] };
const container = {
  image: `r/q@sha256:${"a".repeat(64)}`,
  stopTimeout: 120,
  readonlyRootFilesystem: true,
  environment: [{ name: "QUARRY_ENV", value: "dev" }],
  resourceRequirements: [
    { type: "VCPU", value: "1" },
    { type: "MEMORY", value: "4096" },
  ],
};
const ecs = (over: object, network: object = {}): string =>
  JSON.stringify({
    taskProperties: [{ containers: [{ ...container, ...over }], networkConfiguration: network }],
  });
const definition = {
  ecsProperties: ecs({}),
  timeout: { attemptDurationSeconds: 600 },
  deregisterOnNewRevision: false,
  retryStrategy: { attempts: 3, evaluateOnExits: [{ onReason: "*", action: "EXIT" }] },
};
const lambda = { imageUri: container.image, environment: { variables: { QUARRY_ENV: "dev" } } };

/** A rule, a type, inputs that keep its promise, inputs that break it, and perhaps another setting. */
const cases: readonly (readonly [
  rule: string,
  type: string,
  kept: object,
  broken: object,
  setting?: Partial<Setting>,
  protect?: boolean,
])[] = [
  [
    "listed-actions",
    "aws:iam/rolePolicy:RolePolicy",
    { policy: document(allow) },
    { policy: document({ ...allow, Action: "s3:*" }) },
  ],
  [
    "listed-actions",
    "aws:iam/rolePolicy:RolePolicy",
    { policy: document({ ...allow, Effect: "Deny", Action: "*" }) },
    { policy: document({ ...allow, Action: ["s3:GetObject", "*"] }) },
  ],
  [
    "listed-resources",
    "aws:iam/rolePolicy:RolePolicy",
    { policy: document({ ...allow, Action: ["batch:ListJobs"], Resource: ["*"] }) },
    { policy: document({ ...allow, Action: ["batch:SubmitJob"], Resource: "*" }) },
  ],
  [
    "no-public-bucket",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true },
  ],
  [
    "no-public-bucket",
    "aws:s3/bucketPolicy:BucketPolicy",
    { policy: document({ Effect: "Deny", Principal: "*" }) },
    { policy: document({ ...allow, Principal: "*" }) },
  ],
  ["public-addresses", "aws:ec2/instance:Instance", { associatePublicIpAddress: false }, {}],
  [
    "public-addresses",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    { ...definition, ecsProperties: ecs({}, { assignPublicIp: "ENABLED" }) },
  ],
  [
    "no-open-port",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    { referencedSecurityGroupId: "sg-1" },
    { cidrIpv4: "0.0.0.0/0" },
  ],
  [
    "imds-v2",
    "aws:ec2/instance:Instance",
    { metadataOptions: { httpTokens: "required" } },
    { metadataOptions: { httpTokens: "optional" } },
  ],
  [
    "own-account",
    "aws:iam/role:Role",
    {
      assumeRolePolicy: document({
        Principal: { Service: "lambda.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "1" } },
      }),
    },
    { assumeRolePolicy: document({ Principal: { Service: "lambda.amazonaws.com" } }) },
  ],
  [
    "own-account",
    "aws:iam/role:Role",
    { assumeRolePolicy: document({ Principal: { Service: "ec2.amazonaws.com" } }) },
    { assumeRolePolicy: document({ Principal: { AWS: "*" } }) },
  ],
  ["tagged", "pulumi:providers:aws", { defaultTags: '{"tags":{"quarry:environment":"dev"}}' }, {}],
  ["encrypted", "aws:ebs/volume:Volume", { encrypted: true }, { encrypted: false }],
  ["encrypted", "aws:ec2/instance:Instance", { rootBlockDevice: { encrypted: true } }, {}],
  ["encrypted", "aws:sqs/queue:Queue", { sqsManagedSseEnabled: true }, {}],
  [
    "encrypted",
    "aws:ecr/repository:Repository",
    { encryptionConfigurations: [{ encryptionType: "AES256" }] },
    {},
  ],
  [
    "encrypted",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    { rules: [{}] },
    { rules: [] },
  ],
  [
    "tls-only",
    "aws:s3/bucketPolicy:BucketPolicy",
    {
      policy: document({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    },
    { policy: document({ Effect: "Deny" }) },
  ],
  [
    "versioned",
    "aws:s3/bucketVersioning:BucketVersioning",
    { versioningConfiguration: { status: "Enabled" } },
    { versioningConfiguration: { status: "Suspended" } },
  ],
  [
    "captures-stay",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    {
      rules: [
        { filter: { prefix: "captures/" }, transitions: [] },
        { filter: { prefix: "panels/" }, expiration: { days: 1 } },
      ],
    },
    { rules: [{ filter: { prefix: "" }, expiration: { days: 1 } }] },
  ],
  ["log-retention", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 }, {}],
  [
    "no-secret-value",
    "aws:ssm/parameter:Parameter",
    { value: "s3://bucket" },
    { value: "-----BEGIN RSA PRIVATE KEY-----" },
  ],
  [
    "no-secret-value",
    "aws:secretsmanager/secret:Secret",
    { name: "quarry-dev-key" },
    { description: "AKIAIOSFODNN7EXAMPLE" },
  ],
  ["pinned-digest", "aws:lambda/function:Function", lambda, { ...lambda, imageUri: "r/q:latest" }],
  [
    "pinned-digest",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    { ...definition, ecsProperties: ecs({ image: "r/q:1" }) },
  ],
  [
    "timeout-and-retry",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    { ...definition, timeout: undefined },
  ],
  [
    "timeout-and-retry",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    {
      ...definition,
      retryStrategy: {
        evaluateOnExits: [
          { onReason: "*", action: "EXIT" },
          { onStatusReason: "Host EC2*", action: "RETRY" },
        ],
      },
    },
  ],
  [
    "stops-in-time",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    { ...definition, ecsProperties: ecs({ stopTimeout: 30 }) },
  ],
  [
    "stops-in-time",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    { ...definition, ecsProperties: ecs({ readonlyRootFilesystem: false }) },
  ],
  [
    "fargate-size",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    {
      ...definition,
      ecsProperties: ecs({
        resourceRequirements: [
          { type: "VCPU", value: "1" },
          { type: "MEMORY", value: "1000" },
        ],
      }),
    },
  ],
  [
    "keeps-revisions",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    { ...definition, deregisterOnNewRevision: true },
  ],
  [
    "no-secret-in-environment",
    "aws:batch/jobDefinition:JobDefinition",
    definition,
    {
      ...definition,
      ecsProperties: ecs({ environment: [{ name: "CLICKHOUSE_PASSWORD", value: "hunter2" }] }),
    },
  ],
  [
    "no-secret-in-environment",
    "aws:lambda/function:Function",
    {
      ...lambda,
      environment: { variables: { CLICKHOUSE_PASSWORD_SECRET: "arn:aws:secretsmanager:x" } },
    },
    { ...lambda, environment: { variables: { TAVILY_API_KEY: "tvly-1" } } },
  ],
  [
    "queue-with-policy",
    "aws:batch/jobQueue:JobQueue",
    {
      schedulingPolicyArn: "arn",
      jobStateTimeLimitActions: [{ reason: "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT" }],
    },
    {},
  ],
  [
    "queue-with-policy",
    "aws:batch/jobQueue:JobQueue",
    { schedulingPolicyArn: "arn" },
    { schedulingPolicyArn: "arn", jobStateTimeLimitActions: [{ reason: "CONSUMABLE_RESOURCE" }] },
  ],
  [
    "schedule-targets",
    "aws:scheduler/schedule:Schedule",
    { target: { arn: "arn:aws:lambda:us-east-1:1:function:f" } },
    { target: { arn: "arn:aws:batch:us-east-1:1:job-queue/q" } },
  ],
];

const resource = (type: string, inputs: object, protect = false): Resource => ({
  type,
  name: "it",
  inputs: inputs as Resource["inputs"],
  protect,
});

describe("the policy pack", () => {
  for (const [name, type, kept, broken] of cases) {
    it(`${name} bites on ${type.split(":").at(-1)!}, and is quiet where it is kept`, () => {
      const { check } = rules.find((rule) => rule.name === name)!;
      assert.deepEqual(check(resource(type, kept), setting), []);
      assert.notDeepEqual(check(resource(type, broken), setting), []);
    });
  }

  it("protected-in-prod bites in prod alone, and not while the stack goes on purpose", () => {
    const { check } = rules.find((rule) => rule.name === "protected-in-prod")!;
    const bucket = resource("aws:s3/bucket:Bucket", {});
    const prod = { ...setting, environment: "prod" };
    assert.equal(check(bucket, prod).length, 1);
    assert.deepEqual(check({ ...bucket, protect: true }, prod), []);
    assert.deepEqual(check(bucket, setting), []);
    assert.deepEqual(check(bucket, { ...prod, teardown: true }), []);
  });

  it("lets tasks have public addresses where there is no gateway", () => {
    const { check } = rules.find((rule) => rule.name === "public-addresses")!;
    const open = { ...definition, ecsProperties: ecs({}, { assignPublicIp: "ENABLED" }) };
    const task = resource("aws:batch/jobDefinition:JobDefinition", open);
    assert.deepEqual(check(task, { ...setting, publicTasks: true }), []);
  });

  it("has a case for every rule", () => {
    const tried = new Set(cases.map(([name]) => name)).add("protected-in-prod");
    assert.deepEqual(
      rules.map(({ name }) => name).filter((name) => !tried.has(name)),
      [],
    );
  });

  for (const name of Object.keys(examples)) {
    it(`is quiet over the whole program of ${name}`, async () => {
      const config = example(name);
      assert.deepEqual(brokenPromises(config, await record(config)), []);
    });
  }
});
