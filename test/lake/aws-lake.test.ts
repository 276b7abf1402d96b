import assert from "node:assert/strict";
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import {
  CreateNamespaceCommand,
  CreateTableBucketCommand,
  CreateTableCommand as CreateS3TableCommand,
  S3TablesClient,
} from "@aws-sdk/client-s3tables";
import { run as compute } from "../../jobs/compute-factors/job.ts";
import { run as publish, type PublishArgs, type PublishReport } from "../../jobs/publish/job.ts";
import { published } from "../../shared/catalogue.ts";
import { loadLibrary, pickFactors } from "../../shared/factors/load-library.ts";
import { glueLake } from "../../shared/lake/aws-glue-lake.ts";
import { s3TablesLake } from "../../shared/lake/aws-s3-tables-lake.ts";
import { readTable } from "../../shared/lake/iceberg/table.ts";
import { changeOf, publishTable } from "../../shared/lake/publish-table.ts";
import type { Lake } from "../../shared/lake/table-folder.ts";
import { publishedTables, type PublishedName } from "../../shared/lake/tables.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { s3Files } from "../../shared/objects/s3.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { useEnvironment } from "../support/environment.ts";
import { jobDeps, noSignal } from "../support/job-deps.ts";
import { fakeCredentials, localClient, useMoto } from "../support/moto.ts";
import { usePyiceberg } from "../support/pyiceberg.ts";
import { afterMarket, useSimulatedWarehouse } from "../support/simulated-warehouse.ts";
import { strictGlue, type GlueScript } from "../support/strict-glue.ts";

const market = simulateMarket({
  seed: 6,
  securities: 4,
  from: parseTradingDay("2020-06-01"),
  to: parseTradingDay("2021-02-26"),
});
const nowMs = afterMarket(market);
const region = "eu-west-1";
const credentials = fakeCredentials;

describe("publishing to a lake on AWS", () => {
  const warehouse = useSimulatedWarehouse(market);
  const moto = useMoto();
  const set = useEnvironment();
  let bucket = "";
  let buckets = 0;
  let s3: S3Client;

  const args: PublishArgs = {
    to: "lake",
    datasets: ["factor_values", "bars"],
    asOf: undefined,
    dryRun: false,
    keepDays: 30,
  };
  const run = (
    environment: Readonly<Record<string, string>>,
    more: Partial<PublishArgs> = {},
  ): Promise<PublishReport> =>
    publish({ ...args, ...more }, jobDeps(warehouse(), nowMs, environment), noSignal);
  /** Points the SDK at servers of this machine. */
  const at = (glue: string, where = region): void => {
    set({
      AWS_ENDPOINT_URL: moto(),
      AWS_ENDPOINT_URL_GLUE: glue,
      AWS_REGION: where,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
  };
  const keys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of s3Files(bucket, "", s3)) found.push(key);
    return found;
  };
  const rowsOf = async (lake: Lake, name: PublishedName): Promise<number> =>
    (await readTable(await lake.table(name), { name })).live.reduce(
      (sum, { file }) => sum + file.rows,
      0,
    );
  /** What is needed to publish prices there. */
  const forBars = async (lake: Lake) => ({
    warehouse: warehouse(),
    folder: await lake.table("bars"),
    asOfMs: undefined,
    target: lake.address,
  });
  const told = { runId: "r", codeVersion: "c", nowMs, keepSinceMs: 0 };
  const counted = async (table: string): Promise<number> =>
    (await warehouse().rows<{ n: number }>(`SELECT count() AS n FROM ${table} FINAL`))[0]!.n;

  before(async () => {
    const factors = pickFactors(await loadLibrary(), ["rev_5"]);
    const days = { from: market.sessions[20]!, to: market.sessions.at(-1)! };
    await compute({ factors, ...days }, jobDeps(warehouse(), nowMs), noSignal);
  });

  describe("in the Glue catalogue", () => {
    const databases = "quarry_dev";
    let environment: Record<string, string>;

    beforeEach(async () => {
      bucket = `lake-${++buckets}`;
      s3 = localClient(moto());
      await s3.send(
        new CreateBucketCommand({
          Bucket: bucket,
          CreateBucketConfiguration: { LocationConstraint: region },
        }),
      );
      const glue = new GlueClient({ endpoint: moto(), region, credentials });
      environment = {
        QUARRY_LAKE: `s3://${bucket}/lake`,
        QUARRY_LAKE_DATABASE: `${databases}_${buckets}`,
      };
      for (const part of ["prices", "research", "alternative"]) {
        const Name = `${databases}_${buckets}_${part}`;
        await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
      }
    });

    /** The lake through a Glue that keeps its rules. */
    const through = (url: string): Lake =>
      glueLake(environment["QUARRY_LAKE"]!, environment["QUARRY_LAKE_DATABASE"]!, {
        glue: new GlueClient({ endpoint: url, region, credentials, maxAttempts: 2 }),
        s3,
      });

    it("commits by the catalogue, one snapshot a run and table; moves nothing the second time", async () => {
      await using glue = await strictGlue(moto());
      at(glue.url);
      const first = await run(environment);
      assert.deepEqual(
        first.tables.map(({ table, written }) => [table, written]),
        [
          ["factor_values", 2],
          ["bars", 2],
          ["publishes", 1],
        ],
      );
      const lake = through(glue.url);
      assert.equal(await rowsOf(lake, "bars"), await counted("bars"));
      assert.equal(await rowsOf(lake, "publishes"), 2);
      const before = await keys();
      const again = await run(environment);
      assert.ok(again.tables.every(({ written, removed }) => written + removed === 0));
      assert.deepEqual(await keys(), before);
      assert.deepEqual((await run(environment, { clean: true, dryRun: true })).orphans, []);
      // One value: its partition alone is another, by an update of the version that there was.
      await warehouse().command(
        "INSERT INTO factor_values SELECT factor, version, security_id, day, value + 1, run_id, ingested_at + 1 FROM factor_values FINAL ORDER BY day LIMIT 1",
      );
      const changed = await run(environment);
      assert.deepEqual(
        changed.tables.map(({ written, same, removed }) => [written, same, removed]),
        [
          [1, 1, 1],
          [0, 2, 0],
          [1, 0, 1],
        ],
      );
      assert.equal(await rowsOf(lake, "factor_values"), await counted("factor_values"));
      assert.ok(glue.actions.includes("UpdateTable"));
    });

    it("lets one of two who commit at once do so; a lost answer is no conflict", async () => {
      let lost = 0;
      const script: GlueScript = (action) =>
        action === "UpdateTable" && lost++ === 0 ? "lose" : undefined;
      await using glue = await strictGlue(moto(), script);
      const lake = through(glue.url);
      const deps = await forBars(lake);
      const table = publishedTables.bars;
      const change = await changeOf(table, deps);
      await publishTable(table, change, deps, told, noSignal);
      // Another one who also began with nothing.
      await assert.rejects(publishTable(table, change, deps, told, noSignal), {
        name: "Busy",
        message: /somebody else committed meanwhile: nothing was published/,
      });
      await warehouse().command(
        "ALTER TABLE bars UPDATE volume = 1 WHERE day = toDate('2021-02-26') SETTINGS mutations_sync = 2",
      );
      const later = await changeOf(table, deps);
      assert.equal(later.add.length, 1);
      // The first answer is lost on its way; the SDK asks again, and meets its own commit.
      await publishTable(table, later, deps, told, noSignal);
      assert.equal(lost, 2);
      await assert.rejects(publishTable(table, later, deps, told, noSignal), { name: "Busy" });
      assert.equal(await rowsOf(lake, "bars"), await counted("bars"));
    });

    it("says in one sentence what stands in the way, and publishes nothing", async () => {
      await using glue = await strictGlue(moto(), (action) =>
        action === "CreateTable" ? { status: 400, type: "AccessDeniedException" } : undefined,
      );
      at(glue.url);
      await assert.rejects(run(environment), {
        name: "SourceRejected",
        message:
          /Glue refuses us the table quarry_dev_\d+_research\.factor_values .*lacks a grant of Lake Formation/,
      });
      assert.equal(await rowsOf(through(glue.url), "factor_values"), 0);
      at(moto());
      await assert.rejects(run({ ...environment, QUARRY_LAKE_DATABASE: "none" }), {
        name: "SourceRejected",
        message: /no database none_research in the Glue catalogue of this region/,
      });
      await assert.rejects(run({ ...environment, QUARRY_LAKE: "s3://nowhere-at-all/lake" }), {
        name: "SourceRejected",
        message: /There is no bucket "nowhere-at-all"/,
      });
      await assert.rejects(run({}), {
        name: "InvalidInput",
        message:
          /QUARRY_LAKE and QUARRY_LAKE_DATABASE are not set: name an environment whose stack has a lake/,
      });
      const client = new GlueClient({ endpoint: moto(), region, credentials });
      await client.send(
        new CreateTableCommand({
          DatabaseName: `${environment["QUARRY_LAKE_DATABASE"]!}_research`,
          TableInput: { Name: "factor_values", TableType: "EXTERNAL_TABLE" },
        }),
      );
      await assert.rejects(run(environment), {
        name: "InvalidInput",
        message: /_research\.factor_values of the Glue catalogue is no Iceberg table/,
      });
    });

    it("uploads what it may not ask for: S3 refuses to tell who may not list that a file is not there", async () => {
      await using glue = await strictGlue(moto());
      s3.middlewareStack.add(
        (next, { commandName }) =>
          async (request) => {
            if (commandName !== "HeadObjectCommand") return next(request);
            throw Object.assign(new Error("Forbidden"), { $metadata: { httpStatusCode: 403 } });
          },
        { step: "build" },
      );
      const lake = through(glue.url);
      const deps = await forBars(lake);
      const change = await changeOf(publishedTables.bars, deps);
      await publishTable(publishedTables.bars, change, deps, told, noSignal);
      assert.equal(await rowsOf(lake, "bars"), await counted("bars"));
    });

    describe("read by pyiceberg through the catalogue", () => {
      const python = usePyiceberg("pyiceberg[pyarrow,glue]", "boto3");
      const program = `
import sys, json
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.expressions import EqualTo, And, GreaterThanOrEqual
url, database = sys.argv[1], sys.argv[2]
keys = {"access-key-id": "AKIDEXAMPLE", "secret-access-key": "none", "region": "eu-west-1"}
properties = {f"{part}.{name}": value for part in ("s3", "glue") for name, value in {**keys, "endpoint": url}.items()}
catalog = GlueCatalog("glue", **properties)
values = catalog.load_table(f"{database}_research.factor_values")
bars = catalog.load_table(f"{database}_prices.bars")
print(json.dumps([values.scan().to_arrow().num_rows, bars.scan(row_filter=GreaterThanOrEqual("day", "2021-01-01")).to_arrow().num_rows]))
`;
      it("has the rows of ClickHouse", async () => {
        await using glue = await strictGlue(moto());
        at(glue.url);
        await run(environment);
        const read = await python(program, moto(), environment["QUARRY_LAKE_DATABASE"]!);
        const [later] = await warehouse().rows<{ n: number }>(
          "SELECT count() AS n FROM bars FINAL WHERE day >= '2021-01-01'",
        );
        assert.deepEqual(read, [await counted("factor_values"), later!.n]);
      });
    });
  });

  describe("in a table bucket of S3", () => {
    const namespace = "quarry_dev";
    // Moto has table buckets there.
    const region = "us-east-1";
    let arn = "";

    beforeEach(async () => {
      const tables = new S3TablesClient({ endpoint: moto(), region, credentials });
      const name = `quarry-dev-lake-${++buckets}`;
      arn = (await tables.send(new CreateTableBucketCommand({ name }))).arn!;
      const of = { tableBucketARN: arn, namespace };
      await tables.send(
        new CreateNamespaceCommand({ tableBucketARN: arn, namespace: [namespace] }),
      );
      for (const table of Object.keys(published).filter((one) => one !== "facts")) {
        await tables.send(new CreateS3TableCommand({ ...of, name: table, format: "ICEBERG" }));
      }
      s3 = localClient(moto());
    });

    it("commits by tokens; moves nothing the second time; refuses who comes late", async () => {
      at(moto(), region);
      const environment = { QUARRY_LAKE: arn, QUARRY_LAKE_DATABASE: namespace };
      const first = await run(environment);
      assert.deepEqual(
        first.tables.map(({ table, written }) => [table, written]),
        [
          ["factor_values", 2],
          ["bars", 2],
          ["publishes", 1],
        ],
      );
      const lake = s3TablesLake(arn, namespace, {
        tables: new S3TablesClient({ endpoint: moto(), region, credentials }),
        s3,
      });
      assert.equal(await rowsOf(lake, "bars"), await counted("bars"));
      const again = await run(environment);
      assert.ok(again.tables.every(({ written, removed }) => written + removed === 0));

      const table = publishedTables.bars;
      const deps = await forBars(lake);
      await warehouse().command(
        "ALTER TABLE bars UPDATE volume = 2 WHERE day = toDate('2021-02-25') SETTINGS mutations_sync = 2",
      );
      const change = await changeOf(table, deps);
      await publishTable(table, change, deps, told, noSignal);
      await assert.rejects(publishTable(table, change, deps, told, noSignal), {
        name: "Busy",
        message: /somebody else committed meanwhile/,
      });
      assert.equal(await rowsOf(lake, "bars"), await counted("bars"));
    });

    it("says what stands in the way", async () => {
      at(moto(), region);
      const environment = { QUARRY_LAKE: arn, QUARRY_LAKE_DATABASE: namespace };
      await assert.rejects(run(environment, { datasets: ["facts"] }), {
        name: "SourceRejected",
        message: /There is no table quarry_dev.facts in arn:.*run "pulumi up"/,
      });
      await run(environment);
      await assert.rejects(run(environment, { clean: true }), {
        name: "SourceRejected",
        message: /files of a table bucket can't be listed/,
      });
      await assert.rejects(run({ QUARRY_LAKE: "lake", QUARRY_LAKE_DATABASE: "x" }), {
        name: "InvalidInput",
        message:
          /QUARRY_LAKE: expected s3:\/\/bucket\/prefix or the ARN of a table bucket, got "lake"/,
      });
    });
  });
});
