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

const workgroup = {
  publiclyAccessible: false,
  enhancedVpcRouting: true,
  configParameters: [{ parameterKey: "require_ssl", parameterValue: "true" }],
  subnetIds: ["a", "b", "c"],
};
const limit = { usageType: "serverless-compute", amount: 16, breachAction: "deactivate" };
const athena = {
  enforceWorkgroupConfiguration: true,
  bytesScannedCutoffPerQuery: 1,
  resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_S3" } },
};
const grant = {
  principal: "arn:aws:iam::123456789012:role/analyst",
  permissions: ["SELECT"],
  table: { databaseName: "d", name: "t" },
};
const maintenance = {
  icebergCompaction: { status: "disabled" },
  icebergSnapshotManagement: { status: "enabled", settings: { maxSnapshotAgeHours: 720 } },
};

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
  [
    "schedule-targets",
    "aws:scheduler/schedule:Schedule",
    { target: { arn: "arn:aws:scheduler:::aws-sdk:redshiftserverless:createSnapshot" } },
    { target: { arn: "arn:aws:scheduler:::aws-sdk:redshiftserverless:deleteSnapshot" } },
  ],
  [
    "own-account",
    "aws:iam/role:Role",
    {
      assumeRolePolicy: document({
        Principal: { Service: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"] },
        Condition: { StringEquals: { "aws:SourceAccount": "1" } },
      }),
    },
    {
      assumeRolePolicy: document({
        Principal: { Service: ["ec2.amazonaws.com", "redshift.amazonaws.com"] },
      }),
    },
  ],
  [
    "listed-actions",
    "aws:iam/role:Role",
    { assumeRolePolicy: document({ ...allow, Action: ["sts:AssumeRole", "sts:SetContext"] }) },
    { assumeRolePolicy: document({ ...allow, Action: ["sts:AssumeRole", "sts:*"] }) },
  ],
  ...["aws:s3tables/tableBucket:TableBucket", "aws:s3tables/table:Table"].map(
    (type) =>
      ["encrypted", type, { encryptionConfiguration: { sseAlgorithm: "AES256" } }, {}] as const,
  ),
  ...[
    { publiclyAccessible: true },
    { enhancedVpcRouting: false },
    { configParameters: [{ parameterKey: "require_ssl", parameterValue: "false" }] },
    { subnetIds: ["a", "b", "b"] },
  ].map(
    (broken) =>
      [
        "redshift-closed",
        "aws:redshiftserverless/workgroup:Workgroup",
        workgroup,
        { ...workgroup, ...broken },
      ] as const,
  ),
  [
    "redshift-no-password",
    "aws:redshiftserverless/namespace:Namespace",
    { manageAdminPassword: true },
    { manageAdminPassword: false },
  ],
  [
    "redshift-no-password",
    "aws:redshiftserverless/namespace:Namespace",
    { manageAdminPassword: true, adminUsername: "a" },
    { manageAdminPassword: true, adminUserPasswordWo: "hunter2" },
  ],
  ...[{ breachAction: "log" }, { usageType: "cross-region-datasharing" }, { amount: 0 }].map(
    (broken) =>
      [
        "redshift-bounded",
        "aws:redshiftserverless/usageLimit:UsageLimit",
        limit,
        { ...limit, ...broken },
      ] as const,
  ),
  [
    "redshift-by-secret",
    "aws:redshiftdata/statement:Statement",
    { secretArn: "arn", workgroupName: "w" },
    { workgroupName: "w", dbUser: "admin" },
  ],
  ...[
    { enforceWorkgroupConfiguration: false },
    { bytesScannedCutoffPerQuery: undefined },
    { resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_KMS" } } },
    { resultConfiguration: {} },
  ].map(
    (broken) =>
      [
        "athena-bounded",
        "aws:athena/workgroup:Workgroup",
        { configuration: athena },
        { configuration: { ...athena, ...broken } },
      ] as const,
  ),
  ...[
    { principal: "IAM_ALLOWED_PRINCIPALS" },
    { principal: "123456789012:IAMPrincipals" },
    { permissions: ["ALL"] },
    { permissionsWithGrantOptions: ["SELECT"] },
    { table: { databaseName: "d", wildcard: true } },
  ].map(
    (broken) =>
      [
        "lake-grants-named",
        "aws:lakeformation/permissions:Permissions",
        grant,
        { ...grant, ...broken },
      ] as const,
  ),
  [
    "lake-grants-named",
    "aws:lakeformation/resource:Resource",
    { hybridAccessEnabled: false },
    { hybridAccessEnabled: true },
  ],
  ...["aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/catalog:Catalog"].map(
    (type) =>
      [
        "lake-grants-named",
        type,
        { createTableDefaultPermissions: [] },
        {
          createTableDefaultPermissions: [
            { principal: { dataLakePrincipalIdentifier: "IAM_ALLOWED_PRINCIPALS" } },
          ],
        },
      ] as const,
  ),
  ...[
    { icebergCompaction: { status: "enabled" } },
    { icebergSnapshotManagement: { status: "disabled" } },
    { icebergSnapshotManagement: { status: "enabled" } },
  ].map(
    (broken) =>
      [
        "lake-snapshots",
        "aws:s3tables/table:Table",
        { maintenanceConfiguration: maintenance },
        { maintenanceConfiguration: { ...maintenance, ...broken } },
      ] as const,
  ),
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
    const prod = { ...setting, environment: "prod" };
    for (const type of [
      "aws:s3/bucket:Bucket",
      "aws:redshiftserverless/namespace:Namespace",
      "aws:glue/catalogDatabase:CatalogDatabase",
      "aws:s3tables/tableBucket:TableBucket",
      "aws:s3tables/namespace:Namespace",
      "aws:s3tables/table:Table",
    ]) {
      const data = resource(type, {});
      assert.equal(check(data, prod).length, 1, type);
      assert.deepEqual(check({ ...data, protect: true }, prod), []);
      assert.deepEqual(check(data, setting), []);
      assert.deepEqual(check(data, { ...prod, teardown: true }), []);
    }
  });

  it("lake-grants-named bites on the settings of the account, whatever they say", () => {
    const { check } = rules.find((rule) => rule.name === "lake-grants-named")!;
    const settings = resource("aws:lakeformation/dataLakeSettings:DataLakeSettings", {});
    assert.equal(check(settings, setting).length, 1);
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
