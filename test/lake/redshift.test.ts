import assert from "node:assert/strict";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { run as compute } from "../../jobs/compute-factors/job.ts";
import { run as publish, type PublishArgs, type PublishReport } from "../../jobs/publish/job.ts";
import { published } from "../../shared/catalogue.ts";
import { loadLibrary, pickFactors } from "../../shared/factors/load-library.ts";
import { copyFolder } from "../../shared/lake/aws-copy-folder.ts";
import { redshiftData } from "../../shared/lake/aws-redshift-data.ts";
import { publishToRedshift, redshiftChange } from "../../shared/lake/redshift/publish-redshift.ts";
import { prepareTables, readState } from "../../shared/lake/redshift/state.ts";
import { forClickHouse, forRedshift, queryBook, valuesOf } from "../../shared/lake/query-book.ts";
import { datasetNames, publishedNames, publishedTables } from "../../shared/lake/tables.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { useEnvironment } from "../support/environment.ts";
import { jobDeps, noSignal } from "../support/job-deps.ts";
import { fakeCredentials, localClient, useMoto } from "../support/moto.ts";
import { quarry } from "../support/quarry.ts";
import type { RedshiftSession } from "../../shared/lake/redshift/session.ts";
import { SimulatedRedshift, type RedshiftScript } from "../support/redshift-data.ts";
import { afterMarket, useSimulatedWarehouse } from "../support/simulated-warehouse.ts";
import { useTempFolder } from "../support/temp-folder.ts";

const market = simulateMarket({
  seed: 7,
  securities: 4,
  from: parseTradingDay("2020-06-01"),
  to: parseTradingDay("2021-02-26"),
});
const nowMs = afterMarket(market);
const region = "eu-west-1";
const copyRole = "arn:aws:iam::123456789012:role/copy";

describe("publishing to Redshift", () => {
  const warehouse = useSimulatedWarehouse(market, { reports: true });
  const moto = useMoto();
  const folder = useTempFolder();
  const set = useEnvironment();
  let s3: S3Client;
  let buckets = 0;
  let bucket = "";

  const environment = (): Record<string, string> => ({
    REDSHIFT_WORKGROUP: "quarry-dev",
    REDSHIFT_COPY_ROLE: copyRole,
    REDSHIFT_COPY_FOLDER: `s3://${bucket}/copy`,
  });
  const start = async (script?: RedshiftScript): Promise<SimulatedRedshift> => {
    const redshift = await SimulatedRedshift.start(s3, folder(), script);
    set({
      AWS_ENDPOINT_URL: moto(),
      AWS_ENDPOINT_URL_REDSHIFT_DATA: redshift.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: fakeCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: fakeCredentials.secretAccessKey,
    });
    return redshift;
  };
  const run = (
    more: Partial<PublishArgs> = {},
    variables = environment(),
  ): Promise<PublishReport> =>
    publish(
      {
        to: "redshift",
        datasets: ["factor_values", "bars"],
        asOf: undefined,
        dryRun: false,
        keepDays: 30,
        ...more,
      },
      jobDeps(warehouse(), nowMs, variables),
      noSignal,
    );
  const sessionOf = (redshift: SimulatedRedshift, workgroup: string): RedshiftSession => {
    const endpoint = { endpoint: redshift.url, region, credentials: fakeCredentials };
    const client = new RedshiftDataClient(endpoint);
    return redshiftData({ workgroup, database: "quarry" }, noSignal, client);
  };
  /** What the prices there lack, and what is needed to bring them. */
  const changeOfBars = async (session: RedshiftSession) => {
    await prepareTables(session, await readState(session), ["bars"]);
    const target = session.address;
    const source = { warehouse: warehouse(), asOfMs: undefined, target };
    const state = await readState(session);
    const change = await redshiftChange("bars", publishedTables.bars, state, source);
    return { change, deps: { ...source, session, folder: copyFolder(`s3://${bucket}/copy`, s3) } };
  };
  const words = { codeVersion: "c", asOfMs: undefined, nowMs, copyRole };
  const counted = async (sql: string): Promise<number> =>
    (await warehouse().rows<{ n: number }>(`SELECT toInt32(count()) AS n FROM ${sql}`))[0]!.n;
  const count = async (redshift: SimulatedRedshift, table: string): Promise<unknown> =>
    (await redshift.rows(`SELECT count(*)::INT AS n FROM quarry.${table}`))[0]!["n"];

  before(async () => {
    const factors = pickFactors(await loadLibrary(), ["rev_5"]);
    const days = { from: market.sessions[20]!, to: market.sessions.at(-1)! };
    await compute({ factors, ...days }, jobDeps(warehouse(), nowMs), noSignal);
    await warehouse().command(
      `INSERT INTO evaluations SELECT 'e1', 'rev_5', '1', '{}', '{"horizons": [1], "delay": 1, "ic": {"1": {"mean": 0.01}}}', 'r', toDateTime('2021-04-01 12:00:00', 'UTC')`,
    );
    await warehouse().command(
      "INSERT INTO exposures SELECT 'it''s all', factor, version, security_id, day, value, 'r', now() FROM factor_values",
    );
  });

  beforeEach(async () => {
    bucket = `copy-${++buckets}`;
    s3 = localClient(moto());
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
  });

  it("brings all tables there, to the last digit; moves nothing the second time", async () => {
    await using redshift = await start();
    const dry = await run({ datasets: datasetNames, dryRun: true });
    assert.deepEqual(redshift.batches, []);
    assert.ok(dry.tables.some(({ table, written }) => table === "bars" && written === 2));
    const first = await run({ datasets: datasetNames });
    for (const { table, rows } of first.tables) assert.equal(await count(redshift, table), rows);
    const ours = await warehouse().rows(
      "SELECT toString(security_id) AS security_id, toString(day) AS day, value FROM factor_values FINAL ORDER BY day, security_id",
    );
    assert.deepEqual(
      await redshift.rows(
        "SELECT security_id, day::VARCHAR AS day, value FROM quarry.factor_values ORDER BY day, security_id",
      ),
      ours,
    );
    assert.equal(await count(redshift, "facts"), await counted("facts"));
    const batches = redshift.batches.length;
    const again = await run({ datasets: datasetNames });
    assert.ok(again.tables.every(({ written, removed }) => written + removed === 0));
    assert.equal(redshift.batches.length, batches);
    // Each transaction stands in the books, and in the table of publishes.
    const ids = await redshift.rows(
      "SELECT publish_id FROM quarry.transactions WHERE table_name <> 'publishes' ORDER BY publish_id",
    );
    const told = await redshift.rows(
      "SELECT snapshot_id AS publish_id FROM quarry.publishes ORDER BY snapshot_id",
    );
    assert.deepEqual(told, ids);
  });

  it("replaces exactly the partition that changed, and takes away what is gone", async () => {
    await using redshift = await start();
    await run();
    await warehouse().command(
      "INSERT INTO factor_values SELECT factor, version, security_id, day, value + 1, run_id, ingested_at + 1 FROM factor_values FINAL WHERE toYear(day) = 2020 ORDER BY day LIMIT 1",
    );
    const changed = await run();
    assert.deepEqual(
      changed.tables.map(({ table, written, same, removed }) => [table, written, same, removed]),
      [
        ["factor_values", 1, 1, 1],
        ["bars", 0, 2, 0],
        ["publishes", 1, 0, 1],
      ],
    );
    const deleted = redshift.statements.findLast((sql) =>
      sql.startsWith("DELETE FROM quarry.factor_values"),
    );
    assert.match(
      deleted!,
      /^DELETE FROM quarry\.factor_values WHERE \("factor" = :v\d+ AND "day" >= '2020-01-01' AND "day" < '2021-01-01'\)$/,
    );
    await warehouse().command(
      "ALTER TABLE factor_values DELETE WHERE toYear(day) = 2021 SETTINGS mutations_sync = 2",
    );
    const less = await run();
    assert.deepEqual([less.tables[0]!.written, less.tables[0]!.removed], [0, 1]);
    assert.equal(await count(redshift, "factor_values"), await counted("factor_values FINAL"));
  });

  it("sends SQL of Redshift: COPY names the file's columns, values are bound, roles get what their class allows", async () => {
    await using redshift = await start();
    await run({ datasets: datasetNames });
    // Each was parsed by a parser of the dialect before it was run.
    const copy = redshift.statements.find((sql) => sql.startsWith("COPY staging_bars "));
    assert.equal(
      copy!.replace(/manifests\/\w+/, "manifests/HASH"),
      `COPY staging_bars ("source", "security_id", "day", "known_at", "revision", "open", "high", "low", "close", "volume") FROM 's3://${bucket}/copy/manifests/HASH.json' IAM_ROLE '${copyRole}' FORMAT AS PARQUET MANIFEST`,
    );
    assert.ok(redshift.statements.every((sql) => !sql.includes("it's all")));
    assert.equal(await count(redshift, "exposures"), await counted("exposures FINAL"));
    for (const name of publishedNames) {
      const role = `quarry_reader_${published[name].class}`;
      assert.ok(redshift.statements.includes(`GRANT SELECT ON quarry.${name} TO ROLE ${role}`));
    }
    const created = redshift.statements.find((sql) =>
      sql.startsWith("CREATE TABLE IF NOT EXISTS quarry.factor_values "),
    );
    assert.match(created!, /DISTKEY \(security_id\) COMPOUND SORTKEY \(factor, day\)$/);
    for (const { sqls } of redshift.batches) {
      if (sqls[0]!.startsWith("LOCK"))
        assert.match(sqls.at(-1)!, /INSERT INTO quarry.transactions/);
    }
  });

  it("answers every question of the query book as ClickHouse does", async () => {
    await using redshift = await start();
    await run({ datasets: datasetNames });
    const client = new RedshiftDataClient({
      endpoint: redshift.url,
      region,
      credentials: fakeCredentials,
    });
    const session = redshiftData({ workgroup: "quarry-dev", database: "quarry" }, noSignal, client);
    const [one] = await warehouse().rows<{ issuer: string; securities: string }>(
      "SELECT (SELECT min(issuer_id) FROM facts) AS issuer, (SELECT arrayStringConcat(groupUniqArray(security_id), ',') FROM factor_values) AS securities",
    );
    const given: Record<string, string> = {
      factor: "rev_5",
      second: "rev_5",
      day: market.sessions.find((day) => day > "2020-12-01")!,
      concept: "Assets",
      universe: "it's all",
      ...one!,
    };
    const empty: string[] = [];
    for (const question of await queryBook()) {
      const values = valuesOf(
        question,
        Object.fromEntries(question.parameters.map(({ name }) => [name, given[name]!])),
      );
      const ours = await warehouse().rows(forClickHouse(question), values);
      // Of publishes another target's rows are there as well.
      if (question.name === "last-publishes") continue;
      assert.deepEqual(await session.rows(forRedshift(question), values), ours, question.name);
      if (ours.length === 0) empty.push(question.name);
    }
    assert.ok(empty.length < 7, empty.join());
    const asked = await quarry(["query", "newest-values", "--on", "redshift", "--json"], {
      home: folder(),
      environment: { ...environment(), ...process.env } as Record<string, string>,
    });
    assert.equal(asked.code, 0, asked.stderr);
    assert.equal((JSON.parse(asked.stdout) as { factor: string }[])[0]!.factor, "rev_5");
  });

  it("finds a transaction whose reply was lost, and does it once", async () => {
    let lost = 0;
    await using redshift = await start((action, sqls) =>
      action === "BatchExecuteStatement" && sqls[0]!.startsWith("LOCK") && lost++ === 0
        ? "lose"
        : undefined,
    );
    await run();
    assert.ok(lost > 1);
    assert.equal(await count(redshift, "factor_values"), await counted("factor_values FINAL"));
    const done = await redshift.rows(
      "SELECT place FROM quarry.transactions WHERE table_name = 'factor_values'",
    );
    assert.deepEqual(done, [{ place: 1 }]);
  });

  it("goes on where it died: a transaction that was done is not done again, and is written down", async () => {
    await using redshift = await start();
    const { change, deps } = await changeOfBars(sessionOf(redshift, "quarry-other"));
    // The first one dies right after its transaction; the second one began before it was done.
    const first = await publishToRedshift(change, deps, { ...words, runId: "a" }, noSignal);
    const second = await publishToRedshift(change, deps, { ...words, runId: "b" }, noSignal);
    assert.deepEqual(second, first);
    assert.equal(await count(redshift, "bars"), await counted("bars FINAL"));
    assert.deepEqual(await redshift.rows("SELECT run_id, place FROM quarry.transactions"), [
      { run_id: "a", place: 1 },
    ]);
    // Another one with other rows, who began before as well, is refused.
    const other = { ...change, add: change.add.slice(1) };
    await assert.rejects(publishToRedshift(other, deps, { ...words, runId: "c" }, noSignal), {
      name: "Busy",
      message: /Somebody else published bars to redshift:\/\/quarry-other\/quarry meanwhile/,
    });
    await run({}, { ...environment(), REDSHIFT_WORKGROUP: "quarry-other" });
    const told = await redshift.rows(
      "SELECT run_id FROM quarry.publishes WHERE table_name = 'bars'",
    );
    assert.deepEqual(told, [{ run_id: "a" }]);
  });

  it("publishes nothing of a partition that is changed under way", async () => {
    await using redshift = await start();
    const { change, deps } = await changeOfBars(sessionOf(redshift, "quarry-third"));
    let changed = 0;
    const folder = {
      ...deps.folder,
      // Somebody tells a price differently while its partition is written.
      async bring<Told>(
        name: string,
        write: (path: string) => Promise<void>,
        read: (path: string) => Promise<Told>,
      ): Promise<Told> {
        const told = await deps.folder.bring(name, write, read);
        if (changed++ === 0) {
          await warehouse().command(
            "ALTER TABLE bars UPDATE close = close * 2 WHERE day = (SELECT min(day) FROM bars) SETTINGS mutations_sync = 2",
          );
        }
        return told;
      },
    };
    const publishing = publishToRedshift(
      change,
      { ...deps, folder },
      { ...words, runId: "a" },
      noSignal,
    );
    await assert.rejects(publishing, {
      name: "Busy",
      message: /was changed while it was written: nothing was published/,
    });
    assert.equal(await count(redshift, "bars"), 0);
  });

  it("waits while it is throttled", async () => {
    let throttled = 0;
    await using redshift = await start((action) =>
      action === "DescribeStatement" && throttled++ < 3
        ? { status: 400, type: "ThrottlingException", message: "Rate exceeded" }
        : undefined,
    );
    await run({ datasets: ["bars"] });
    assert.ok(throttled > 3);
    assert.equal(await count(redshift, "bars"), await counted("bars FINAL"));
  });

  /** What is said, and what is there, when the transaction of a table fails so. */
  const failing = async (
    script: RedshiftScript,
    expected: { name: string; message: RegExp },
    also?: (redshift: SimulatedRedshift) => Promise<void>,
  ): Promise<void> => {
    await using redshift = await start(script);
    await run({ datasets: ["bars"], dryRun: true }).catch(() => undefined);
    await also?.(redshift);
    await assert.rejects(run({ datasets: ["factor_values"] }), expected);
    const tables = await redshift.rows(
      "SELECT table_name FROM information_schema.tables WHERE table_name = 'factor_values'",
    );
    if (tables.length > 0) assert.equal(await count(redshift, "factor_values"), 0);
  };
  const atPlace =
    (place: number, fails: string): RedshiftScript =>
    (action, sqls) =>
      action === "BatchExecuteStatement" && sqls[0]!.startsWith("LOCK")
        ? { place, fails }
        : undefined;

  it("says in one sentence what stands in the way, and nothing is half published", async () => {
    await failing(
      atPlace(
        3,
        "S3ServiceException: The bucket you are attempting to access must be addressed using the specified endpoint., Status 301, Error PermanentRedirect",
      ),
      {
        name: "SourceRejected",
        message:
          /The bucket of REDSHIFT_COPY_FOLDER is in another region than the workgroup quarry-dev/,
      },
    );
    await failing(atPlace(5, "permission denied for relation factor_values"), {
      name: "SourceRejected",
      message: /who publishes needs the database role quarry_writer/,
    });
    await failing(atPlace(5, "Query reached usage limit"), {
      name: "SourceUnavailable",
      message: /over its usage limit .*usageHoursPerDay/,
    });
    await failing(atPlace(4, "Divide by zero"), {
      name: "Failed",
      message:
        /copied another number of rows of factor_values than were written: this transaction changed nothing/,
    });
    await failing(atPlace(6, "1023 DETAIL: Serializable isolation violation on table"), {
      name: "Busy",
      message: /Somebody else published factor_values/,
    });
    await failing(atPlace(5, 'column "x" does not exist'), {
      name: "Failed",
      message:
        /Redshift refuses a statement \(column "x" does not exist\): its transaction changed nothing\. The statement: DELETE FROM quarry\.factor_values/,
    });
    await failing(
      atPlace(3, "Load into table 'staging_factor_values' failed."),
      {
        name: "Failed",
        message:
          /Redshift can't load s3:\/\/x\/y\.parquet, row 7, column value: Invalid digit\. Nothing was published/,
      },
      async (redshift) => {
        await redshift.rows(
          "INSERT INTO sys_load_error_detail VALUES (1003, 's3://x/y.parquet', 7, 'value', 'Invalid digit', now())",
        );
      },
    );
    await failing(
      () => ({
        status: 400,
        type: "ValidationException",
        message: "Redshift Serverless workgroup is not available: it is paused",
      }),
      { name: "SourceUnavailable", message: /quarry-dev does not answer now .*paused/ },
    );
    await failing(
      () => ({ status: 400, type: "ResourceNotFoundException", message: "Workgroup quarry-dev" }),
      { name: "SourceRejected", message: /There is no workgroup quarry-dev in this region/ },
    );
    await failing(
      () => ({ status: 400, type: "AccessDeniedException", message: "not authorized" }),
      { name: "SourceRejected", message: /Redshift refuses us \(not authorized\)/ },
    );
  });

  it("refuses tables that are others, and takes columns that came later", async () => {
    await using redshift = await start();
    await redshift.rows("CREATE TABLE quarry.bars (source VARCHAR, day VARCHAR)");
    await assert.rejects(run({ datasets: ["bars"] }), {
      name: "InvalidInput",
      message:
        /The table quarry\.bars of Redshift has a column day character varying that this version/,
    });
    await redshift.rows(
      "CREATE TABLE quarry.runs (run_id VARCHAR, command VARCHAR, code_version VARCHAR, state VARCHAR, started_at TIMESTAMP)",
    );
    await run({ datasets: ["factor_values", "runs"] });
    assert.ok(
      redshift.statements.includes('ALTER TABLE quarry.runs ADD COLUMN "ended_at" TIMESTAMP'),
    );
  });

  it("refuses a text that its column does not take, and settings that are none", async () => {
    await using redshift = await start();
    await warehouse().command(
      `INSERT INTO evaluations SELECT repeat('x', 600), 'f', '1', '{}', '{}', 'r', toDateTime('2021-04-01 12:00:00', 'UTC')`,
    );
    await assert.rejects(run({ datasets: ["evaluations"] }), {
      name: "InvalidInput",
      message:
        /A text of evaluations\.evaluation_id has 600 bytes, and the column in Redshift takes 512/,
    });
    assert.equal(await count(redshift, "evaluations"), 0);
    await assert.rejects(run({}, {}), {
      name: "InvalidInput",
      message: /REDSHIFT_WORKGROUP is not set: name an environment whose stack has Redshift/,
    });
    await assert.rejects(run({}, { ...environment(), REDSHIFT_COPY_ROLE: "x' or '" }), {
      name: "InvalidInput",
      message: /REDSHIFT_COPY_ROLE: expected the ARN of a role, got "x' or '"/,
    });
    await assert.rejects(run({}, { ...environment(), REDSHIFT_COPY_FOLDER: "s3://b/x' y" }), {
      name: "InvalidInput",
      message: /REDSHIFT_COPY_FOLDER: expected s3:\/\/bucket\/prefix/,
    });
    await assert.rejects(run({ clean: true }), { name: "InvalidInput" });
  });
});
