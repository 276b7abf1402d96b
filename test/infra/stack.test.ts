import assert from "node:assert/strict";
import fc from "fast-check";
import { batchNames, parseDeployment } from "../../shared/backfill/deployment.ts";
import { datasets, jobs, type JobSpec } from "../../shared/catalogue.ts";
import { alarmsOf, idleCost } from "../../infra/idle-cost.ts";
import { configOf, example, examples } from "./support/configurations.ts";
import { brokenPromises } from "./support/promises.ts";
import { allowed, container, counted, difference, exampleStack } from "./support/reading.ts";
import { record, type RecordedStack } from "./support/recorder.ts";

describe("the stack", () => {
  it("of development is this, exactly", async () => {
    const { resources } = await exampleStack("development");
    assert.deepEqual(counted(resources), {
      "awsx:ec2:Vpc": 1,
      "awsx:ecr:Image": 1,
      "batch.ComputeEnvironment": 3,
      "batch.JobDefinition": 11,
      "batch.JobQueue": 3,
      "batch.SchedulingPolicy": 1,
      "budgets.Budget": 1,
      "cloudwatch.EventRule": 3,
      "cloudwatch.EventTarget": 3,
      "cloudwatch.LogGroup": 8,
      "cloudwatch.LogMetricFilter": 6,
      "cloudwatch.MetricAlarm": 13,
      "dlm.LifecyclePolicy": 1,
      "ebs.Volume": 1,
      "ec2.Eip": 1,
      "ec2.FlowLog": 1,
      "ec2.Instance": 1,
      "ec2.SecurityGroup": 3,
      "ec2.VolumeAttachment": 1,
      "ec2.VpcEndpoint": 1,
      "ecr.LifecyclePolicy": 1,
      "ecr.Repository": 1,
      "iam.InstanceProfile": 1,
      "iam.Role": 33,
      "iam.RolePolicy": 33,
      "lambda.Function": 5,
      "lambda.Permission": 2,
      "pulumi:providers:aws": 1,
      "pulumi:pulumi:Stack": 1,
      "route53.Record": 1,
      "route53.Zone": 1,
      "s3.Bucket": 4,
      "s3.BucketLifecycleConfiguration": 4,
      "s3.BucketNotification": 4,
      "s3.BucketOwnershipControls": 4,
      "s3.BucketPolicy": 4,
      "s3.BucketPublicAccessBlock": 4,
      "s3.BucketServerSideEncryptionConfiguration": 4,
      "s3.BucketVersioning": 4,
      "scheduler.Schedule": 6,
      "scheduler.ScheduleGroup": 1,
      "secretsmanager.Secret": 3,
      "sfn.StateMachine": 1,
      "sns.Topic": 1,
      "sns.TopicPolicy": 1,
      "sqs.Queue": 3,
      "sqs.QueuePolicy": 1,
      "ssm.Parameter": 1,
      "vpc.SecurityGroupEgressRule": 3,
      "vpc.SecurityGroupIngressRule": 1,
    });
  });

  it("with an external ClickHouse and no gateway has no instance, secret or address", async () => {
    const [development, smallest] = [
      await exampleStack("two gateways"),
      await exampleStack("smallest"),
    ];
    assert.deepEqual(difference(development, smallest), {
      "cloudwatch.MetricAlarm": 4,
      "dlm.LifecyclePolicy": 1,
      "ebs.Volume": 1,
      "ec2.Eip": 2,
      "ec2.Instance": 1,
      "ec2.VolumeAttachment": 1,
      "iam.InstanceProfile": 1,
      "iam.Role": 2,
      "iam.RolePolicy": 2,
      "route53.Record": 1,
      "route53.Zone": 1,
      "secretsmanager.Secret": 3,
    });
    assert.equal(
      container(smallest, "compute-factors").task.networkConfiguration.assignPublicIp,
      "ENABLED",
    );
    const fn = smallest.one("aws:lambda/function:Function", "daily-prices");
    assert.equal(fn.inputs["vpcConfig"], undefined, "it runs outside the network");
    const loader = container(smallest, "coordinator").secrets;
    assert.deepEqual(loader, [
      {
        name: "CLICKHOUSE_PASSWORD",
        valueFrom: "arn:aws:secretsmanager:us-east-1:123456789012:secret:ours",
      },
    ]);
  });

  it("takes up a job that the catalogue adds, with no change in infra/", async () => {
    const filings: JobSpec = {
      vcpus: 1,
      memoryMiB: 2048,
      timeoutSeconds: 600,
      runsOn: ["batch", "lambda"],
      writes: ["captures", "ledger"],
      vendor: true,
      model: true,
      schedule: {
        expression: "rate(1 hour)",
        flexibleMinutes: 5,
        input: { job: "backfill filings", arguments: { from: "-2d" } },
      },
      inbox: { prefix: "inbox/filings/", suffixes: [".pdf", ".txt"] },
    };
    const config = configOf("dev", {
      ...examples["bounded"]![1],
      "quarry:bedrockModel": "anthropic.claude-x",
    });
    const more = await record(config, { ...jobs, filings });
    assert.deepEqual(difference(more, await record(config)), {
      "batch.JobDefinition": 1,
      "cloudwatch.EventRule": 1,
      "cloudwatch.EventTarget": 1,
      "cloudwatch.LogGroup": 1,
      "cloudwatch.LogMetricFilter": 1,
      "cloudwatch.MetricAlarm": 2,
      "iam.Role": 3,
      "iam.RolePolicy": 3,
      "lambda.Function": 1,
      "lambda.Permission": 1,
      "scheduler.Schedule": 1,
    });
    assert.deepEqual(allowed(more, "filings-job"), [
      "bedrock:InvokeModel on arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-x",
      "s3:GetObject on inbox/inbox/filings/*",
      "s3:GetObject on raw/*",
      "s3:GetObject on work/*",
      "s3:ListBucket on raw",
      "s3:ListBucket on work",
      "s3:PutObject on raw/captures/*",
      "s3:PutObject on work/ledger/*",
    ]);
    const { inputs } = more.one("aws:cloudwatch/eventRule:EventRule", "inbox-filings");
    const { detail } = JSON.parse(inputs["eventPattern"] as string) as {
      detail: { object: unknown };
    };
    assert.deepEqual(detail.object, {
      key: [{ wildcard: "inbox/filings/*.pdf" }, { wildcard: "inbox/filings/*.txt" }],
    });
    const schedule = more.one("aws:scheduler/schedule:Schedule", "schedules-filings").inputs;
    assert.equal(schedule["scheduleExpressionTimezone"], "America/New_York");
    assert.deepEqual(
      JSON.parse((schedule["target"] as { input: string }).input),
      filings.schedule!.input,
    );
  });

  it("gives each workload what it does, and no more", async () => {
    const stack = await exampleStack("development");
    assert.deepEqual(allowed(stack, "compute-factors-job"), [
      "s3:GetObject on raw/*",
      "s3:GetObject on work/*",
      "s3:ListBucket on raw",
      "s3:ListBucket on work",
      "s3:PutObject on work/claims/*",
      "s3:PutObject on work/columns/*",
      "s3:PutObject on work/ledger/*",
      "s3:PutObject on work/measurements/*",
      "s3:PutObject on work/runs/*",
    ]);
    assert.deepEqual(allowed(stack, "compute-factors-start"), [
      "ecr:BatchCheckLayerAvailability on repository/image",
      "ecr:BatchGetImage on repository/image",
      "ecr:GetAuthorizationToken on *",
      "ecr:GetDownloadUrlForLayer on repository/image",
      "logs:CreateLogStream on logGroup/compute-logs:*",
      "logs:PutLogEvents on logGroup/compute-logs:*",
    ]);
    assert.deepEqual(
      allowed(stack, "coordinator-start").filter((line) => /secret|ssm/.test(line)),
      [
        "secretsmanager:GetSecretValue on secret/quarry-dev-clickhouse-writer",
        "ssm:GetParameters on parameter/quarry/dev/clickhouse-certificate",
      ],
    );
    assert.deepEqual(
      allowed(stack, "coordinator-job").filter((line) => !line.startsWith("s3:")),
      [
        "batch:DescribeJobs on *",
        "batch:ListJobs on *",
        "batch:SubmitJob on job-definition/quarry-dev-*",
        "batch:SubmitJob on job-queue/quarry-dev-*",
        "batch:SubmitJob on job/*",
        "batch:TagResource on job-definition/quarry-dev-*",
        "batch:TagResource on job-queue/quarry-dev-*",
        "batch:TagResource on job/*",
        "batch:TerminateJob on job/*",
        "ssm:GetParameter on parameter/quarry/dev/deployment",
      ],
    );
    // Reports of the inbox are listed by whoever orders what reads them, and whose they are.
    assert.deepEqual(
      allowed(stack, "coordinator-job").filter((line) => line.includes("inbox")),
      ["s3:GetObject on inbox/reports/*.json", "s3:ListBucket on inbox"],
    );
    assert.deepEqual(
      allowed(stack, "read-report-job").filter((line) => line.includes("inbox")),
      ["s3:GetObject on inbox/reports/*"],
    );
    assert.deepEqual(allowed(stack, "schedules-caller"), [
      "lambda:InvokeFunction on function/daily-facts",
      "lambda:InvokeFunction on function/daily-news",
      "lambda:InvokeFunction on function/daily-prices",
      "sqs:SendMessage on queue/schedules-dead",
      "states:StartExecution on stateMachine/quarry-dev-research",
    ]);
    assert.deepEqual(
      allowed(stack, "daily-prices-function").filter((line) => !line.startsWith("s3:")),
      [
        "ec2:CreateNetworkInterface on *",
        "ec2:DeleteNetworkInterface on *",
        "ec2:DescribeNetworkInterfaces on *",
        "ec2:DescribeSubnets on *",
        "logs:CreateLogStream on logGroup/daily-prices-function-logs:*",
        "logs:PutLogEvents on logGroup/daily-prices-function-logs:*",
        "secretsmanager:GetSecretValue on secret/quarry-dev-clickhouse-writer",
        "sqs:SendMessage on queue/functions-dead",
        "ssm:GetParameter on parameter/quarry/dev/clickhouse-certificate",
      ],
    );
  });

  it("gives Bedrock by the model's id, and Tavily's key, to those that ask them, and to nobody else", async () => {
    const stack = await exampleStack("bounded");
    const asks = (name: string): string[] =>
      allowed(stack, name).filter((line) => /^(bedrock|secretsmanager):/.test(line));
    const profile = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
    const key = "secretsmanager:GetSecretValue on secret:tavily";
    const model = [
      "bedrock:InvokeModel on arn:aws:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
      `bedrock:InvokeModel on inference-profile/${profile}`,
    ];
    assert.deepEqual(asks("read-report-job"), model);
    assert.deepEqual(asks("score-news-job"), model);
    assert.deepEqual(asks("coordinator-job"), []);
    assert.deepEqual(asks("backfill-news-job"), []);
    assert.deepEqual(asks("backfill-news-start"), [key]);
    for (const line of [...model, key]) assert.ok(asks("daily-news-function").includes(line), line);
    assert.deepEqual(
      asks("daily-prices-function").filter((line) => line !== key && !line.includes("bedrock")),
      asks("daily-prices-function"),
    );
    assert.deepEqual(container(stack, "backfill-news").secrets, [
      {
        name: "TAVILY_API_KEY",
        valueFrom: "arn:aws:secretsmanager:us-east-1:123456789012:secret:tavily",
      },
    ]);
    const told = ({ name, value }: { name: string; value: string }): boolean =>
      name === "BEDROCK_MODEL_ID" && value === profile;
    for (const job of ["read-report", "score-news"] as const) {
      const { environment } = container(stack, job);
      assert.ok(environment.some(told));
      // Five thousand tokens a second, in the unit that quotas have.
      const budget = environment.find(({ name }) => name === "BEDROCK_TOKENS_PER_MINUTE");
      assert.equal(budget?.value, "300000");
    }
    assert.ok(!container(stack, "backfill-news").environment.some(told));
    // Bedrock itself reads the questions of batches, and writes their answers.
    assert.deepEqual(allowed(stack, "bedrock-batch"), [
      ...model,
      "s3:GetObject on work/batches/*/input.jsonl",
      "s3:ListBucket on work",
      "s3:PutObject on work/batches/*/out/*",
    ]);
    const { inputs } = stack.one("aws:iam/role:Role", "bedrock-batch");
    assert.deepEqual(
      (
        JSON.parse(inputs["assumeRolePolicy"] as string) as {
          Statement: { Principal: object; Condition: object }[];
        }
      ).Statement.map(({ Principal, Condition }) => [Principal, Condition]),
      [
        [
          { Service: "bedrock.amazonaws.com" },
          { StringEquals: { "aws:SourceAccount": "123456789012" } },
        ],
      ],
    );
    const none = await exampleStack("development");
    assert.equal(
      none.of("aws:iam/role:Role").filter(({ name }) => name === "bedrock-batch").length,
      0,
    );
    assert.ok(allowed(none, "read-report-job").every((line) => !line.startsWith("bedrock")));
  });

  it("tells those that ask vendors, and nobody else, who asks EDGAR", async () => {
    const stack = await exampleStack("bounded");
    const told = Object.keys(jobs).filter(
      (job) =>
        (jobs as Readonly<Record<string, JobSpec>>)[job]!.runsOn.includes("batch") &&
        container(stack, job).environment.some(
          ({ name, value }) =>
            name === "EDGAR_CONTACT" && value === "Example Fund data@example.com",
        ),
    );
    assert.deepEqual(told, [
      "backfill-prices",
      "backfill-facts",
      "backfill-filings",
      "backfill-news",
      "coordinator",
    ]);
  });

  it("lets none but loaders and functions reach ClickHouse", async () => {
    const stack = await exampleStack("development");
    const client = "network-clickhouse-client-id";
    const inside = stack
      .of("aws:batch/computeEnvironment:ComputeEnvironment")
      .filter(({ inputs }) =>
        (inputs["computeResources"] as { securityGroupIds: string[] }).securityGroupIds.includes(
          client,
        ),
      )
      .map(({ name }) => name.replace(/-\w+$/, ""));
    assert.deepEqual(inside, ["compute-loader"]);
    const [rule] = stack.of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      [rule!.inputs["referencedSecurityGroupId"], rule!.inputs["fromPort"], rule!.inputs["toPort"]],
      [client, 8443, 8443],
    );
    const secrets = Object.keys(jobs).filter((job) => {
      const { runsOn, clickhouse }: JobSpec = jobs[job as keyof typeof jobs];
      return (
        runsOn.includes("batch") &&
        (clickhouse ?? false) !== container(stack, job).secrets.length > 0
      );
    });
    assert.deepEqual(secrets, [], "the catalogue and the stack agree");
  });

  it("tells of every alarm in a sentence, and of a dataset that nothing was loaded of for three days", async () => {
    const alarms = (await exampleStack("production")).of("aws:cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      alarms
        .filter(({ inputs }) => inputs["metricName"] === "RowsLoaded")
        .map(({ inputs }) => [
          inputs["dimensions"],
          inputs["evaluationPeriods"],
          inputs["treatMissingData"],
        ]),
      Object.keys(datasets).map((Dataset) => [{ Dataset }, 3, "breaching"]),
    );
    for (const { inputs } of alarms)
      assert.match(inputs["alarmDescription"] as string, /^[A-Z].*\.$|^[a-z-]+ .*\.$/);
    const { total } = (await exampleStack("production")).outputs["idleCostUsdPerMonth"] as {
      total: number;
    };
    assert.ok(total > 0);
    assert.equal(alarms.length, alarmsOf(example("production"), jobs));
  });

  it("protects data in prod, and lifts it for a teardown alone", async () => {
    const held = (stack: RecordedStack): string[] =>
      stack.resources
        .filter(({ protect }) => protect)
        .map(({ name }) => name)
        .sort();
    assert.deepEqual(held(await exampleStack("production")), [
      "clickhouse-data",
      "network-egress-1",
      "network-egress-2",
      "network-egress-3",
      "storage-inbox",
      "storage-lake",
      "storage-raw",
      "storage-work",
    ]);
    assert.deepEqual(held(await exampleStack("production, going")), []);
    assert.deepEqual(held(await exampleStack("development")), []);
    const prod = await exampleStack("production");
    assert.ok(prod.one("aws:ebs/volume:Volume", "clickhouse-data").retainOnDelete);
    assert.deepEqual(prod.one("aws:ec2/instance:Instance", "clickhouse").ignoreChanges, [
      "ami",
      "userData",
    ]);
  });

  it("writes a deployment that the commands read, under 4 KB with 60 jobs", async () => {
    const many: Record<string, JobSpec> = { ...jobs };
    for (let at = 0; at < 60; at++) many[`job-with-a-long-name-${at}`] = jobs["compute-factors"];
    const stack = await record(example("production"), many);
    const text = stack.one("aws:ssm/parameter:Parameter", "deployment").inputs["value"] as string;
    assert.ok(text.length < 1000, `${text.length} bytes`);
    const deployment = parseDeployment(text, "prod");
    const names = batchNames(deployment);
    const queues = stack.of("aws:batch/jobQueue:JobQueue").map(({ inputs }) => inputs["name"]);
    assert.deepEqual(
      queues.sort(),
      [names.loaderQueue, names.onDemandQueue, names.spotQueue].sort(),
    );
    const definitions = stack
      .of("aws:batch/jobDefinition:JobDefinition")
      .map(({ inputs }) => inputs["name"]);
    for (const job of ["backfill-prices", "coordinator", "inbox"] as const) {
      assert.ok(definitions.includes(names.jobDefinition(job)));
    }
  });

  it("costs less than 60 USD a month while development is idle, and less than 5 at its smallest", async () => {
    const cost = async (name: string): Promise<number> =>
      ((await exampleStack(name)).outputs["idleCostUsdPerMonth"] as { total: number }).total;
    const [development, smallest] = [await cost("development"), await cost("smallest")];
    assert.ok(development > 50 && development < 60, String(development));
    assert.ok(smallest < 5, String(smallest));
  });

  it("does not know what it costs where the price table does not, and says so", () => {
    const clickhouse = { kind: "ec2", instanceType: "x8g.large" };
    const config = configOf("dev", {
      ...examples["development"]![1],
      "quarry:clickhouse": clickhouse,
    });
    const cost = idleCost(config, 10);
    assert.deepEqual([cost["clickhouse"], cost["total"], cost["network"]], [null, null, 36.5]);
  });

  it("lets tasks pull from the repository of the image that was given, and from none where it is not ECR's", async () => {
    const given = (image: string) =>
      record(configOf("dev", { ...examples["smallest"]![1], "quarry:image": image }));
    const pulls = (stack: RecordedStack) =>
      allowed(stack, "compute-factors-start").filter((line) => line.startsWith("ecr:"));
    const digest = `@sha256:${"e".repeat(64)}`;
    const ours = pulls(
      await given(`999999999999.dkr.ecr.eu-west-1.amazonaws.com/team/quarry${digest}`),
    );
    assert.ok(
      ours.includes(
        "ecr:BatchGetImage on arn:aws:ecr:eu-west-1:999999999999:repository/team/quarry",
      ),
    );
    assert.deepEqual(pulls(await given(`ghcr.example/quarry${digest}`)), []);
  });

  it("gives vendors addresses of its own, and replaces a gateway only after it let go of its address", async () => {
    const stack = await exampleStack("production");
    assert.equal((stack.outputs["egressAddresses"] as string[]).length, 3);
    const vpc = stack.one("awsx:ec2:Vpc", "network");
    const { elasticIpAllocationIds } = vpc.inputs["natGateways"] as {
      elasticIpAllocationIds: string[];
    };
    assert.deepEqual(elasticIpAllocationIds, [
      "eipalloc-network-egress-1",
      "eipalloc-network-egress-2",
      "eipalloc-network-egress-3",
    ]);
    const [transform] = vpc.transforms;
    const child = (type: string) =>
      transform!({ custom: true, type, name: "n", props: { a: 1 }, opts: { protect: true } });
    assert.deepEqual(await child("aws:ec2/natGateway:NatGateway"), {
      props: { a: 1 },
      opts: { protect: true, deleteBeforeReplace: true },
    });
    assert.equal(await child("aws:ec2/subnet:Subnet"), undefined);
  });

  for (const name of Object.keys(examples)) {
    it(`of ${name} names nothing that it does not make, and nothing too long`, async () => {
      const stack = await exampleStack(name);
      const ids = new Set(stack.resources.map(({ id }) => id));
      const text = JSON.stringify(stack.resources.map(({ inputs }) => inputs));
      const named = [...text.matchAll(/"([a-z0-9-]+-id)"/g)].map((match) => match[1]!);
      assert.deepEqual(
        named.filter((id) => !ids.has(id)),
        [],
      );
      assert.ok(!text.includes("undefined"), "an output that nobody waited for");
      assert.ok(!text.includes("Calling [toString]"), "an output that was taken for a text");
      for (const { type, name: logical, inputs } of stack.resources) {
        const physical = inputs["name"];
        if (typeof physical === "string") assert.ok(physical.length <= 64, `${type} ${physical}`);
        // Names that Pulumi makes have eight characters more; roles and functions take 64.
        assert.ok(logical.length <= 56, `${type} ${logical}`);
      }
    });
  }

  it("writes documents that AWS takes: policies, patterns, inputs, environments within their limits", async () => {
    for (const name of [
      "development",
      "smallest",
      "production",
      "with Redshift",
      "with S3 Tables",
      "with Glue",
    ]) {
      const stack = await exampleStack(name);
      for (const { type, name: logical, inputs } of stack.resources) {
        for (const field of ["policy", "assumeRolePolicy"]) {
          const text = inputs[field];
          if (typeof text !== "string" || type.includes("ecr/")) continue;
          const policy = JSON.parse(text) as {
            Version: string;
            Statement: Record<string, unknown>[];
          };
          assert.equal(policy.Version, "2012-10-17", logical);
          // Of a role's own policies together; a bucket's may have 20 KB.
          assert.ok(text.length < 10_240, `${logical}: ${text.length}`);
          for (const { Effect, Action, Resource, Principal } of policy.Statement) {
            assert.ok(Effect === "Allow" || Effect === "Deny");
            for (const action of [Action].flat() as string[]) {
              assert.match(action, /^[a-z0-9-]+:([A-Z][A-Za-z]+|\*)$/, `${logical}: ${action}`);
            }
            assert.ok(Resource !== undefined || Principal !== undefined, logical);
            for (const arn of [Resource ?? "*"].flat() as string[]) {
              assert.match(
                arn,
                /^(\*|arn:aws:[a-z0-9-]+:[a-z0-9*-]*:(\d{12}|\*)?:.+)$/,
                `${logical}: ${arn}`,
              );
            }
          }
        }
        if (type === "aws:scheduler/schedule:Schedule") {
          const { input } = inputs["target"] as { input: string };
          assert.ok(JSON.parse(input) !== undefined && input.length < 8192, logical);
          assert.match(
            inputs["scheduleExpression"] as string,
            /^(cron\(\S+( \S+){5}\)|rate\(.+\))$/,
            logical,
          );
        }
        if (type === "aws:lambda/function:Function") {
          const { variables } = inputs["environment"] as { variables: Record<string, string> };
          assert.ok(JSON.stringify(variables).length < 4096, logical);
          assert.ok(
            (inputs["timeout"] as number) <= 900 && (inputs["memorySize"] as number) <= 10_240,
            logical,
          );
        }
        if (type === "aws:ec2/instance:Instance") {
          assert.ok((inputs["userData"] as string).length < 16_384);
        }
      }
    }
  });

  it("of any configuration that is taken keeps every promise", async function () {
    this.timeout(120_000);
    const config = fc.record({
      "quarry:architecture": fc.constantFrom("arm64", "x86_64"),
      "quarry:network": fc.record({
        zones: fc.integer({ min: 2, max: 6 }),
        nat: fc.constantFrom("single", "per-zone"),
        cidr: fc.constantFrom("10.0.0.0/16", "172.16.0.0/18", "192.168.0.0/22"),
        interfaceEndpoints: fc.subarray(["ecr.api", "logs", "secretsmanager"]),
      }),
      "quarry:clickhouse": fc.oneof(
        fc.record({
          kind: fc.constant("ec2"),
          zone: fc.constantFrom("a", "b"),
          volumeGiB: fc.integer({ min: 20, max: 16_384 }),
          stopWhenIdle: fc.boolean(),
        }),
        fc.constant({ kind: "external", url: "https://h:8443/d", secret: "s" }),
      ),
      "quarry:schedules": fc.record({ enabled: fc.boolean() }),
      "quarry:image": fc.constantFrom("build", `r.example/q@sha256:${"c".repeat(64)}`),
    });
    await fc.assert(
      fc.asyncProperty(config, fc.constantFrom("dev", "prod"), async (values, stack) => {
        const taken = configOf(stack, {
          "aws:region": "us-east-1",
          "aws:allowedAccountIds": ["123456789012"],
          ...values,
        });
        assert.deepEqual(brokenPromises(taken, await record(taken)), []);
      }),
      { numRuns: 8, seed: 20_261_127 },
    );
  });
});
