import assert from "node:assert/strict";
import { jobs, published } from "../../shared/catalogue.ts";
import { idleCost } from "../../infra/idle-cost.ts";
import { configOf, example, examples } from "./support/configurations.ts";
import { brokenPromises } from "./support/promises.ts";
import {
  allowed,
  changed,
  conditionOf,
  container,
  difference,
  exampleStack,
} from "./support/reading.ts";
import { record, type RecordedStack } from "./support/recorder.ts";

/** The same without what it publishes to. */
const without = (name: string): Promise<RecordedStack> => changed(name, { "quarry:warehouse": {} });

describe("where tables are published to", () => {
  it("is nowhere by default: nothing of it exists, for nobody", async () => {
    const stack = await exampleStack("development");
    assert.deepEqual(
      stack.resources.filter(({ type }) => /redshift|glue|lake|s3tables|athena/i.test(type)),
      [],
    );
    const { inputs } = stack.one(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "storage-lake-lifecycle",
    );
    assert.equal((inputs["rules"] as unknown[]).length, 1, "old versions go, and nothing else");
    assert.deepEqual(
      Object.keys(stack.outputs).filter((key) => /lake$|redshift/.test(key)),
      [],
    );
    assert.deepEqual(
      allowed(stack, "publish-job").filter((line) => /lake|redshift|glue|s3tables/.test(line)),
      [],
    );
    assert.equal(stack.one("aws:iam/role:Role", "publish-job").inputs["tags"], undefined);
  });

  it("is Redshift with this, exactly", async () => {
    assert.deepEqual(
      difference(await exampleStack("with Redshift"), await without("with Redshift")),
      {
        "cloudwatch.LogGroup": 3,
        "ec2.SecurityGroup": 1,
        "iam.Role": 2,
        "iam.RolePolicy": 2,
        "redshiftdata.Statement": 14,
        "redshiftserverless.Namespace": 1,
        "redshiftserverless.UsageLimit": 1,
        "redshiftserverless.Workgroup": 1,
        "scheduler.Schedule": 1,
        "vpc.SecurityGroupEgressRule": 1,
      },
    );
  });

  it("is tables of S3 with this, exactly: one for each that is published, and grants by name", async () => {
    assert.deepEqual(
      difference(await exampleStack("with S3 Tables"), await without("with S3 Tables")),
      {
        "athena.Workgroup": 1,
        "glue.Catalog": 1,
        "iam.Role": 1,
        "iam.RolePolicy": 1,
        // Two namespaces, eight tables for one reader, seven for the other.
        "lakeformation.Permissions": 19,
        "lakeformation.Resource": 1,
        "s3tables.Namespace": 1,
        "s3tables.Table": 9,
        "s3tables.TableBucket": 1,
      },
    );
  });

  it("is Iceberg in Glue with this, exactly: a database a class, and grants by tag", async () => {
    assert.deepEqual(difference(await exampleStack("with Glue"), await without("with Glue")), {
      "athena.Workgroup": 1,
      "glue.CatalogDatabase": 3,
      "iam.Role": 1,
      "iam.RolePolicy": 1,
      // Two for each reader, three for the job.
      "lakeformation.LfTag": 1,
      "lakeformation.Permissions": 7,
      "lakeformation.Resource": 1,
      "lakeformation.ResourceLfTag": 3,
    });
  });

  it("is both with what each has, and no more", async () => {
    const both = await exampleStack("production that publishes");
    const one = { redshift: "none", lakehouse: "s3-tables" };
    const lake = await changed("production that publishes", { "quarry:warehouse": one });
    assert.deepEqual(
      difference(both, lake),
      difference(await exampleStack("with Redshift"), await without("with Redshift")),
    );
  });

  it("keeps every promise in the combination that no example has, in dev and in prod", async () => {
    // The others stand among the examples, to each of which the rules are held.
    for (const stack of ["dev", "prod"]) {
      const config = configOf(stack, {
        ...examples["production that publishes"]![1],
        "quarry:warehouse": { redshift: "serverless", lakehouse: "glue-iceberg" },
      });
      assert.deepEqual(brokenPromises(config, await record(config)), []);
    }
  });

  it("is protected in prod, and goes when the stack goes on purpose", async () => {
    const held = (stack: RecordedStack): string[] =>
      stack.resources
        .filter(({ type, protect }) => protect && /redshift|glue|s3tables/.test(type))
        .map(({ name }) => name)
        .sort();
    const prod = await exampleStack("production that publishes");
    const tables = Object.keys(published).map(
      (table) => `lakehouse-tables-${table.replaceAll("_", "-")}`,
    );
    assert.deepEqual(
      held(prod),
      ["lakehouse-tables", "lakehouse-tables-namespace", "redshift", ...tables].sort(),
    );
    const glue = await changed("production that publishes", {
      "quarry:warehouse": { lakehouse: "glue-iceberg" },
    });
    assert.deepEqual(held(glue), [
      "lakehouse-glue-alternative",
      "lakehouse-glue-prices",
      "lakehouse-glue-research",
    ]);
    const going = await changed("production that publishes", { "quarry:teardown": true });
    assert.deepEqual(held(going), []);
    const forced = (stack: RecordedStack): unknown[] =>
      [
        ...stack.of("aws:s3tables/tableBucket:TableBucket"),
        ...stack.of("aws:athena/workgroup:Workgroup"),
      ] //
        .map(({ inputs }) => inputs["forceDestroy"]);
    assert.deepEqual(
      [forced(prod), forced(going)],
      [
        [false, false],
        [true, true],
      ],
    );
  });

  it("is what the job that publishes is told of, and nobody else", async () => {
    const told = async (name: string, job = "publish") =>
      container(await exampleStack(name), job)
        .environment.filter(({ name: variable }) => /LAKE|REDSHIFT/.test(variable))
        .map(({ name: variable, value }) => `${variable}=${value}`);
    assert.deepEqual(await told("development"), []);
    assert.deepEqual(await told("with Redshift"), [
      "REDSHIFT_WORKGROUP=quarry-dev",
      "REDSHIFT_DATABASE=quarry",
      "REDSHIFT_COPY_ROLE=arn:aws:iam::123456789012:role/redshift-copy-0a1b2c3",
      "REDSHIFT_COPY_FOLDER=s3://storage-lake-0a1b2c3/copy",
    ]);
    assert.deepEqual(await told("with S3 Tables"), [
      "QUARRY_LAKE=arn:aws:s3tables:us-east-1:123456789012:bucket/quarry-dev-lake",
      "QUARRY_LAKE_DATABASE=quarry_dev",
    ]);
    assert.deepEqual(await told("with Glue"), [
      "QUARRY_LAKE=s3://storage-lake-0a1b2c3/lake",
      "QUARRY_LAKE_DATABASE=quarry_dev",
    ]);
    assert.equal((await told("production that publishes")).length, 6);
    for (const job of ["coordinator", "compute-factors", "inbox"])
      assert.deepEqual(await told("production that publishes", job), []);
  });

  it("is what the job that publishes may write to, by listed actions, and nobody else", async () => {
    const may = async (name: string, role = "publish-job") =>
      allowed(await exampleStack(name), role).filter((line) =>
        /lake|redshift|glue|s3tables| on \*/.test(line),
      );
    assert.deepEqual(await may("with Glue"), [
      ...["CreateTable", "GetDatabase", "GetTable", "UpdateTable"].flatMap((action) =>
        [
          "catalog",
          "database/quarry_dev_alternative",
          "database/quarry_dev_prices",
          "database/quarry_dev_research",
          "table/quarry_dev_alternative/*",
          "table/quarry_dev_prices/*",
          "table/quarry_dev_research/*",
        ].map((on) => `glue:${action} on ${on}`),
      ),
      "lakeformation:GetDataAccess on *",
      "s3:DeleteObject on lake/lake/*",
      "s3:GetObject on lake/lake/*",
      "s3:ListBucket on lake",
      "s3:PutObject on lake/lake/*",
    ]);
    assert.deepEqual(await may("with S3 Tables"), [
      "s3tables:GetNamespace on bucket/quarry-dev-lake",
      "s3tables:GetTable on bucket/quarry-dev-lake/table/*",
      "s3tables:GetTableData on bucket/quarry-dev-lake/table/*",
      "s3tables:GetTableMetadataLocation on bucket/quarry-dev-lake/table/*",
      "s3tables:ListTables on bucket/quarry-dev-lake",
      "s3tables:PutTableData on bucket/quarry-dev-lake/table/*",
      "s3tables:UpdateTableMetadataLocation on bucket/quarry-dev-lake/table/*",
    ]);
    assert.deepEqual(await may("with Redshift"), [
      "redshift-data:BatchExecuteStatement on workgroup/quarry-dev",
      "redshift-data:DescribeStatement on *",
      "redshift-data:ExecuteStatement on workgroup/quarry-dev",
      "redshift-data:GetStatementResult on *",
      "redshift-serverless:GetCredentials on workgroup/quarry-dev",
      "redshift-serverless:GetWorkgroup on workgroup/quarry-dev",
      "s3:GetBucketLocation on lake",
      "s3:GetObject on lake/copy/*",
      "s3:PutObject on lake/copy/*",
    ]);
    assert.deepEqual(
      conditionOf(await exampleStack("with Glue"), "publish-job", "s3:ListBucket on lake"),
      { StringLike: { "s3:prefix": ["lake/*"] } },
    );
    const redshift = await exampleStack("with Redshift");
    for (const action of ["redshift-data:DescribeStatement", "redshift-data:GetStatementResult"]) {
      assert.deepEqual(conditionOf(redshift, "publish-job", `${action} on *`), {
        StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" },
      });
    }
    const others = Object.keys(jobs).filter((job) => job !== "publish");
    const both = await exampleStack("production that publishes");
    for (const { name, inputs } of both.of("aws:iam/rolePolicy:RolePolicy")) {
      if (!others.some((job) => name.startsWith(`${job}-`))) continue;
      assert.doesNotMatch(inputs["policy"] as string, /redshift|s3tables|glue|storage-lake/, name);
    }
  });

  it("is in the deployment and the outputs: names of what there is", async () => {
    const said = async (name: string) => {
      const stack = await exampleStack(name);
      const { inputs } = stack.one("aws:ssm/parameter:Parameter", "deployment");
      const { version, lake, redshift } = JSON.parse(inputs["value"] as string) as Record<
        string,
        unknown
      >;
      assert.deepEqual([stack.outputs["lake"], stack.outputs["redshift"]], [lake, redshift]);
      return { version, lake, redshift };
    };
    const redshift = { workgroup: "quarry-dev", database: "quarry" };
    assert.deepEqual(await said("development"), {
      version: 2,
      lake: undefined,
      redshift: undefined,
    });
    assert.deepEqual(await said("with Redshift"), { version: 2, lake: undefined, redshift });
    assert.deepEqual((await said("with Glue")).lake, {
      url: "s3://storage-lake-0a1b2c3/lake",
      database: "quarry_dev",
      athenaWorkgroup: "quarry-dev",
    });
    assert.deepEqual((await said("production that publishes")).lake, {
      url: "arn:aws:s3tables:us-east-1:123456789012:bucket/quarry-prod-lake",
      database: "quarry_prod",
      athenaWorkgroup: "quarry-prod",
    });
  });

  it("costs a secret while idle, and nothing for a lakehouse", () => {
    const { redshift, lakehouse } = idleCost(example("production that publishes"), 10);
    assert.deepEqual([redshift, lakehouse], [0.4, 0]);
    const none = idleCost(example("production"), 10);
    assert.deepEqual(
      Object.keys(none).filter((key) => /redshift|lake/.test(key)),
      [],
    );
  });
});
