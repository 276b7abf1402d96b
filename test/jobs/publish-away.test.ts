import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CreateDatabaseCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { jobs } from "../../shared/catalogue.ts";
import { glueLake } from "../../shared/lake/aws-glue-lake.ts";
import { readTable } from "../../shared/lake/iceberg/table.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { migrate } from "../../shared/warehouse/migrate.ts";
import { BatchControlPlane } from "../support/batch-control-plane.ts";
import { fakeCredentials, localClient, useMoto } from "../support/moto.ts";
import { quarry } from "../support/quarry.ts";
import { useTempFolder } from "../support/temp-folder.ts";

const cli = fileURLToPath(new URL("../../jobs/cli.ts", import.meta.url));
const region = "eu-west-1";
const lake = { url: "s3://away/lake", database: "quarry_test" };

describe("quarry publish --env", () => {
  const moto = useMoto();
  const folder = useTempFolder();
  let plane: BatchControlPlane;
  let environment: Record<string, string>;

  before(async () => {
    const s3 = localClient(moto());
    await s3.send(
      new CreateBucketCommand({
        Bucket: "away",
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    const glue = new GlueClient({ endpoint: moto(), region, credentials: fakeCredentials });
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "quarry_test_prices" } }));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "quarry_test_research" } }));
    const home = join(folder(), "container");
    const warehouse = await openEmbedded(join(home, "warehouse"));
    await migrate(warehouse);
    await warehouse.command(
      `INSERT INTO bars SELECT 's', 'S000001', toDate('2020-01-02') + number, toDateTime('2020-01-02 21:00:00', 'UTC') + 86400 * number, 0, 1, 2, 1, 1.5, NULL, '', 'r', now() FROM numbers(5)`,
    );
    await warehouse.close();
    const keys = {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: fakeCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: fakeCredentials.secretAccessKey,
    };
    plane = new BatchControlPlane({
      queues: ["quarry-test-spot", "quarry-test-on-demand", "quarry-test-loader"],
      jobDefinitions: Object.keys(jobs).map((job) => `quarry-test-${job}`),
      entry: [process.execPath, cli],
      // What the stack gives the job.
      environment: {
        ...keys,
        AWS_ENDPOINT_URL: moto(),
        QUARRY_HOME: home,
        QUARRY_OBJECTS: join(folder(), "bucket"),
        QUARRY_LAKE: lake.url,
        QUARRY_LAKE_DATABASE: lake.database,
      },
      parameters: {
        "/quarry/test/deployment": JSON.stringify({
          version: 2,
          region,
          prefix: "quarry-test",
          objects: join(folder(), "bucket"),
          lake,
        }),
      },
    });
    environment = { ...keys, AWS_ENDPOINT_URL: await plane.start(), QUARRY_POLL_SECONDS: "0.2" };
  });
  after(() => plane.stop());

  const publish = (...args: string[]) =>
    quarry(["publish", ...args, "--env", "test"], { home: join(folder(), "here"), environment });

  it("does it as a job of the environment, beside its ClickHouse, and waits for it", async () => {
    const { code, stdout, stderr } = await publish("--to", "lake", "--datasets", "bars");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Published to lake:\n {2}bars +1 partition written \(5 rows\)/);
    assert.equal(plane.submissions.length, 1);
    const glue = new GlueClient({ endpoint: moto(), region, credentials: fakeCredentials });
    const table = await glueLake(lake.url, lake.database, {
      glue,
      s3: localClient(moto()),
    }).table("bars");
    const { live } = await readTable(table, { name: "bars" });
    assert.deepEqual(
      live.map(({ file }) => file.rows),
      [5],
    );
  });

  it("says what would be written there, and how the job ended as JSON", async () => {
    const dry = await publish("--to", "lake", "--datasets", "bars,runs", "--dry-run", "--json");
    assert.equal(dry.code, 0, dry.stderr);
    const report = JSON.parse(dry.stdout) as { dry_run: boolean; tables: { table: string }[] };
    assert.equal(report.dry_run, true);
    assert.deepEqual(
      report.tables.map(({ table }) => table),
      ["bars", "runs"],
    );
  });

  it("says so when the job fails, and where the environment has no such target", async () => {
    const none = await publish("--to", "lake", "--datasets", "facts");
    assert.equal(none.code, 1);
    assert.match(none.stderr, /Job r\w+ of test failed: There is nothing to publish/);
    const redshift = await publish("--to", "redshift");
    assert.equal(redshift.code, 2);
    assert.match(redshift.stderr, /the environment test has none: set quarry:warehouse.redshift/);
    const local = await publish("--to", "./lake");
    assert.equal(local.code, 2);
    assert.match(local.stderr, /--to \.\/lake: expected lake or redshift with --env test/);
  });
});
