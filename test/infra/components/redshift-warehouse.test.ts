import assert from "node:assert/strict";
import { examples } from "../support/configurations.ts";
import { allowed, changed, conditionOf, exampleStack } from "../support/reading.ts";
import type { RecordedStack } from "../support/recorder.ts";
import { runProgram } from "../support/run-program.ts";

const trustOf = (stack: RecordedStack, role: string): unknown => {
  const { inputs } = stack.one("aws:iam/role:Role", role);
  const { Statement } = JSON.parse(inputs["assumeRolePolicy"] as string) as {
    Statement: unknown[];
  };
  return Statement[0];
};

describe("Redshift", () => {
  it("is in three private subnets that nobody reaches, and talks over TLS and through them", async () => {
    const four = await changed("with Redshift", { "quarry:network": { zones: 4 } });
    for (const stack of [await exampleStack("with Redshift"), four]) {
      const { inputs } = stack.one(
        "aws:redshiftserverless/workgroup:Workgroup",
        "redshift-workgroup",
      );
      assert.deepEqual(inputs["subnetIds"], [
        "subnet-private-0",
        "subnet-private-1",
        "subnet-private-2",
      ]);
      assert.deepEqual(inputs["securityGroupIds"], ["redshift-group-id"]);
      const opened = stack
        .of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .filter((rule) => rule.inputs["securityGroupId"] === "redshift-group-id");
      assert.deepEqual(opened, []);
      assert.deepEqual([inputs["publiclyAccessible"], inputs["enhancedVpcRouting"]], [false, true]);
      // All nine that the provider's own tests expect of a new workgroup: one left out would differ at each deployment.
      const parameters = inputs["configParameters"] as {
        parameterKey: string;
        parameterValue: string;
      }[];
      assert.deepEqual(
        parameters
          .map(({ parameterKey, parameterValue }) => `${parameterKey}=${parameterValue}`)
          .sort(),
        [
          "auto_mv=true",
          "datestyle=ISO, MDY",
          "enable_case_sensitive_identifier=false",
          "enable_user_activity_logging=true",
          "max_query_execution_time=14400",
          "query_group=default",
          "require_ssl=true",
          "search_path=$user, public",
          "use_fips_ssl=false",
        ],
      );
    }
  });

  it("has the capacity, the limit and the snapshots that the configuration says", async () => {
    const stack = await exampleStack("with Redshift");
    const { inputs } = stack.one(
      "aws:redshiftserverless/workgroup:Workgroup",
      "redshift-workgroup",
    );
    assert.equal(inputs["baseCapacity"], 16);
    const [limit] = stack.of("aws:redshiftserverless/usageLimit:UsageLimit");
    assert.deepEqual(limit!.inputs, {
      resourceArn: "arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/quarry-dev",
      usageType: "serverless-compute",
      period: "daily",
      amount: 24,
      breachAction: "deactivate",
    });
    const schedule = stack.one("aws:scheduler/schedule:Schedule", "redshift-snapshot").inputs;
    const { arn, input } = schedule["target"] as { arn: string; input: string };
    assert.equal(arn, "arn:aws:scheduler:::aws-sdk:redshiftserverless:createSnapshot");
    assert.deepEqual(JSON.parse(input), {
      NamespaceName: "quarry-dev",
      SnapshotName: "quarry-dev-<aws.scheduler.execution-id>",
      RetentionPeriod: 3,
    });
    assert.deepEqual(allowed(stack, "redshift-snapshots"), [
      "redshift-serverless:CreateSnapshot on namespace/quarry-dev",
      "redshift-serverless:CreateSnapshot on snapshot/*",
    ]);
  });

  it("reads one folder of one bucket, and writes nowhere", async () => {
    const stack = await exampleStack("with Redshift");
    assert.deepEqual(allowed(stack, "redshift-copy"), [
      "s3:GetBucketLocation on lake",
      "s3:GetObject on lake/copy/*",
      "s3:ListBucket on lake",
    ]);
    assert.deepEqual(conditionOf(stack, "redshift-copy", "s3:ListBucket on lake"), {
      StringLike: { "s3:prefix": ["copy/*"] },
    });
    assert.deepEqual(trustOf(stack, "redshift-copy"), {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"] },
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
    const { inputs } = stack.one("aws:redshiftserverless/namespace:Namespace", "redshift");
    assert.deepEqual(inputs["iamRoles"], ["arn:aws:iam::123456789012:role/redshift-copy-0a1b2c3"]);
  });

  it("has no password anywhere, and logs that go", async () => {
    const stack = await exampleStack("with Redshift");
    const { inputs } = stack.one("aws:redshiftserverless/namespace:Namespace", "redshift");
    assert.equal(inputs["manageAdminPassword"], true);
    assert.deepEqual(
      Object.keys(inputs).filter((field) => /password/i.test(field)),
      ["manageAdminPassword"],
    );
    assert.deepEqual(
      stack
        .of("aws:cloudwatch/logGroup:LogGroup")
        .filter(({ inputs: { name } }) => typeof name === "string")
        .map(({ inputs: { name, retentionInDays } }) => [name, retentionInDays]),
      (inputs["logExports"] as string[]).map((log) => [`/aws/redshift/quarry-dev/${log}`, 30]),
    );
  });

  it("maps the job that publishes to its role in the database, by a tag of its own", async () => {
    const stack = await exampleStack("with Redshift");
    const tagged = stack
      .of("aws:iam/role:Role")
      .filter(({ inputs }) => inputs["tags"] !== undefined)
      .map(({ name, inputs }) => [name, inputs["tags"]]);
    assert.deepEqual(tagged, [["publish-job", { RedshiftDbRoles: "quarry_writer" }]]);
  });

  it("runs its statements one after the other, after the limit, as its administrator", async () => {
    const stack = await exampleStack("with Redshift");
    for (const { inputs } of stack.of("aws:redshiftdata/statement:Statement")) {
      assert.deepEqual(
        [inputs["workgroupName"], inputs["database"], inputs["secretArn"]],
        [
          "quarry-dev",
          "quarry",
          "arn:aws:secretsmanager:us-east-1:123456789012:secret:redshift!quarry-dev",
        ],
      );
    }
    const { registered } = (await runProgram(examples["with Redshift"]![1])).engine;
    const statements = registered.filter(({ type }) => type.includes("redshiftdata/"));
    const limit = registered.find(({ type }) => type.includes("UsageLimit"))!;
    assert.equal(statements.length, 14);
    for (const [at, { name, dependencies }] of statements.entries()) {
      const before = statements[at - 1] ?? limit;
      assert.ok(dependencies.includes(before.urn), `${name} waits for ${before.name}`);
    }
  });
});
