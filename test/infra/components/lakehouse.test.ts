import assert from "node:assert/strict";
import { published, type PublishedName } from "../../../shared/catalogue.ts";
import { configOf, examples } from "../support/configurations.ts";
import type { Registered } from "../support/engine-stand-in.ts";
import { allowed, changed, exampleStack } from "../support/reading.ts";
import { record, type Recorded, type RecordedStack } from "../support/recorder.ts";
import { runProgram } from "../support/run-program.ts";

const analyst = "arn:aws:iam::123456789012:role/analyst";
const desk = "arn:aws:iam::123456789012:role/desk";
const publisher = "arn:aws:iam::123456789012:role/publish-job-0a1b2c3";

const grants = (stack: RecordedStack): readonly Recorded["inputs"][] =>
  stack.of("aws:lakeformation/permissions:Permissions").map(({ inputs }) => inputs);

/** Published tables that somebody may read: by the tags of their databases, or by their names. */
function readable(stack: RecordedStack, principal: string): PublishedName[] {
  const selects = grants(stack).filter(
    (grant) =>
      grant["principal"] === principal && (grant["permissions"] as string[]).includes("SELECT"),
  );
  const classes = selects.flatMap(({ lfTagPolicy }) => {
    const policy = lfTagPolicy as { expressions: { values: string[] }[] } | undefined;
    return policy?.expressions.flatMap(({ values }) => values) ?? [];
  });
  const named = selects.flatMap(({ table }) => (table as { name: string } | undefined)?.name ?? []);
  return (Object.keys(published) as PublishedName[]).filter(
    (table) => classes.includes(published[table].class) || named.includes(table),
  );
}

describe("the lakehouse", () => {
  for (const name of ["with S3 Tables", "with Glue"]) {
    it(`${name} lets nobody read a table of a class that is not theirs`, async () => {
      const stack = await exampleStack(name);
      const all = Object.keys(published) as PublishedName[];
      assert.deepEqual(
        readable(stack, analyst),
        all.filter((table) => table !== "scores"),
      );
      assert.deepEqual(readable(stack, desk), all);
      const principals = new Set(grants(stack).map((grant) => grant["principal"]));
      principals.delete(publisher);
      assert.deepEqual([...principals].sort(), [analyst, desk]);
      // Readers read: nothing that they were given changes anything.
      const given = grants(stack)
        .filter((grant) => grant["principal"] !== publisher)
        .flatMap((grant) => grant["permissions"] as string[]);
      assert.deepEqual([...new Set(given)].sort(), ["DESCRIBE", "SELECT"]);
    });
  }

  it("tells a table of Glue by its database's tag: each class has its own, with no permissions by default", async () => {
    const stack = await exampleStack("with Glue");
    const databases = stack
      .of("aws:glue/catalogDatabase:CatalogDatabase")
      .map(({ inputs }) => inputs);
    assert.deepEqual(
      databases.map((database) => [
        database["name"],
        database["locationUri"],
        database["createTableDefaultPermissions"],
      ]),
      ["prices", "research", "alternative"].map((one) => [
        `quarry_dev_${one}`,
        "s3://storage-lake-0a1b2c3/lake/",
        [],
      ]),
    );
    assert.deepEqual(
      stack
        .of("aws:lakeformation/resourceLfTag:ResourceLfTag")
        .map(({ inputs }) => [(inputs["database"] as { name: string }).name, inputs["lfTag"]]),
      ["prices", "research", "alternative"].map((value) => [
        `quarry_dev_${value}`,
        { key: "quarry-dev-class", value },
      ]),
    );
    assert.deepEqual(
      grants(stack)
        .filter((grant) => grant["principal"] === publisher)
        .map((grant) => grant["permissions"] as string[])
        .sort(([a], [b]) => b!.localeCompare(a!)),
      [
        ["DATA_LOCATION_ACCESS"],
        ["CREATE_TABLE", "DESCRIBE"],
        ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"],
      ],
    );
    const [location] = stack.of("aws:lakeformation/resource:Resource");
    assert.deepEqual(location!.inputs, {
      arn: "arn:aws:s3:::storage-lake-0a1b2c3/lake",
      roleArn: "arn:aws:iam::123456789012:role/lakehouse-glue-location-role-0a1b2c3",
      hybridAccessEnabled: false,
    });
    assert.deepEqual(allowed(stack, "lakehouse-glue-location-role"), [
      "s3:DeleteObject on lake/lake/*",
      "s3:GetObject on lake/lake/*",
      "s3:ListBucket on lake",
      "s3:PutObject on lake/lake/*",
    ]);
  });

  it("names tables of S3 in the account's catalogue of them, which one environment has", async () => {
    const stack = await exampleStack("with S3 Tables");
    const catalogId = "123456789012:s3tablescatalog/quarry-dev-lake";
    for (const { database, table } of grants(stack)) {
      assert.equal(((database ?? table) as { catalogId: string }).catalogId, catalogId);
    }
    const [catalogue] = stack.of("aws:glue/catalog:Catalog");
    assert.deepEqual(catalogue!.inputs, {
      name: "s3tablescatalog",
      federatedCatalog: {
        connectionName: "aws:s3tables",
        identifier: "arn:aws:s3tables:us-east-1:123456789012:bucket/*",
      },
      createDatabaseDefaultPermissions: [],
      createTableDefaultPermissions: [],
    });
    // It hands out what reads, and nothing that writes.
    assert.deepEqual(
      allowed(stack, "lakehouse-tables-catalogue-role").filter(
        (line) => !/^s3tables:(Get|List)/.test(line),
      ),
      [],
    );
    const second = await changed("with S3 Tables", { "quarry:lakehouse": { federate: false } });
    assert.deepEqual(
      second.resources.filter(({ type }) => /glue\/|lakeformation\/resource:/.test(type)),
      [],
    );
    assert.equal(second.of("aws:s3tables/table:Table").length, Object.keys(published).length);
  });

  it("keeps snapshots of S3 Tables for the days that the configuration says, and has no other writer", async () => {
    const stack = await exampleStack("with S3 Tables");
    const tables = stack.of("aws:s3tables/table:Table").map(({ inputs }) => inputs);
    assert.deepEqual(
      tables.map((table) => table["name"]),
      Object.keys(published),
    );
    for (const table of tables) {
      assert.equal(table["metadata"], undefined, "the job commits the first");
      assert.deepEqual(table["maintenanceConfiguration"], {
        icebergCompaction: { status: "disabled", settings: { targetFileSizeMb: 512 } },
        icebergSnapshotManagement: {
          status: "enabled",
          settings: { maxSnapshotAgeHours: 240, minSnapshotsToKeep: 1 },
        },
      });
    }
    const [bucket] = stack.of("aws:s3tables/tableBucket:TableBucket");
    assert.deepEqual(bucket!.inputs["encryptionConfiguration"], { sseAlgorithm: "AES256" });
  });

  it("bounds what a question scans, and encrypts its answer by S3's own key", async () => {
    const athena = async (name: string) =>
      (await exampleStack(name)).of("aws:athena/workgroup:Workgroup")[0]!.inputs["configuration"];
    assert.deepEqual(await athena("with Glue"), {
      enforceWorkgroupConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: 10_737_418_240,
      resultConfiguration: {
        outputLocation: "s3://storage-lake-0a1b2c3/athena/",
        encryptionConfiguration: { encryptionOption: "SSE_S3" },
      },
    });
    const { bytesScannedCutoffPerQuery } = (await athena("with S3 Tables")) as {
      bytesScannedCutoffPerQuery: number;
    };
    assert.equal(bytesScannedCutoffPerQuery, 107_374_182_400, "100 GiB where nothing is said");
  });

  it("forgets after a week what can be had again, and never a table", async () => {
    const goes = async (name: string) => {
      const { inputs } = (await exampleStack(name)).one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "storage-lake-lifecycle",
      );
      const rules = inputs["rules"] as {
        filter: { prefix: string };
        expiration?: { days: number };
      }[];
      return rules.flatMap(({ filter, expiration }) =>
        expiration === undefined ? [] : [`${filter.prefix} ${expiration.days}`],
      );
    };
    assert.deepEqual(await goes("with Redshift"), ["copy/ 7"]);
    assert.deepEqual(await goes("with Glue"), ["athena/ 7"]);
    assert.deepEqual(await goes("production that publishes"), ["athena/ 7", "copy/ 7"]);
  });

  it("of an environment with hyphens has names that its catalogue takes", async () => {
    const [, values] = examples["with Glue"]!;
    const glue = await record(configOf("my-env-2", values));
    const names = glue
      .of("aws:glue/catalogDatabase:CatalogDatabase")
      .map(({ inputs }) => inputs["name"]);
    assert.deepEqual(names, [
      "quarry_my_env_2_prices",
      "quarry_my_env_2_research",
      "quarry_my_env_2_alternative",
    ]);
    const tables = await record(
      configOf("my-env-2", { ...values, "quarry:warehouse": { lakehouse: "s3-tables" } }),
    );
    assert.equal(
      tables.of("aws:s3tables/namespace:Namespace")[0]!.inputs["namespace"],
      "quarry_my_env_2",
    );
    for (const table of Object.keys(published)) assert.match(table, /^[a-z][a-z0-9_]*[a-z0-9]$/);
  });

  for (const [name, needed] of [
    ["with S3 Tables", [/glue\/catalog:/, /s3tables\/table:/]],
    ["with Glue", [/resourceLfTag:/, /lakeformation\/resource:/]],
  ] as const) {
    it(`${name} grants nothing before what it grants is there`, async () => {
      const { registered } = (await runProgram(examples[name]![1])).engine;
      const made = registered.filter(({ type }) => /lakeformation\/permissions:/.test(type));
      assert.ok(made.length > 5);
      for (const { name: grant, dependencies } of made) {
        for (const type of needed) {
          const wanted = registered.filter((one) => type.test(one.type));
          assert.ok(wanted.length > 0);
          assert.ok(
            wanted.every(({ urn }) => dependsOn(registered, dependencies, urn)),
            `${grant} does not wait for ${type.source}`,
          );
        }
      }
    });
  }
});

/** True when something that depends on these depends on it, by whatever way. */
function dependsOn(
  registered: readonly Registered[],
  dependencies: readonly string[],
  urn: string,
): boolean {
  return (
    dependencies.includes(urn) ||
    registered.some(
      (one) => dependencies.includes(one.urn) && dependsOn(registered, one.dependencies, urn),
    )
  );
}
