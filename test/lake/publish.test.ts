import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeVersion } from "../../jobs/code-version.ts";
import { run as compute } from "../../jobs/compute-factors/job.ts";
import { run as publish, type PublishArgs, type PublishReport } from "../../jobs/publish/job.ts";
import { loadLibrary, pickFactors } from "../../shared/factors/load-library.ts";
import { LakeReader } from "../../shared/lake/lake-reader.ts";
import { tableFolder } from "../../shared/lake/lake-folder.ts";
import type { TableFolder } from "../../shared/lake/table-folder.ts";
import { changeOf, publishTable } from "../../shared/lake/publish-table.ts";
import { readTable } from "../../shared/lake/iceberg/table.ts";
import {
  datasetNames,
  publishedNames,
  publishedTables,
  type PublishedTable,
} from "../../shared/lake/tables.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { jobDeps, noSignal } from "../support/job-deps.ts";
import { metadataInShort } from "../support/lake-metadata.ts";
import { usePyiceberg } from "../support/pyiceberg.ts";
import { afterMarket, useSimulatedWarehouse } from "../support/simulated-warehouse.ts";
import { useTempFolder } from "../support/temp-folder.ts";

const market = simulateMarket({
  seed: 5,
  securities: 6,
  from: parseTradingDay("2019-01-02"),
  to: parseTradingDay("2021-03-31"),
});
const nowMs = afterMarket(market);

/** An evaluation as it is recorded, with a statistic that is not defined. */
const evaluated = JSON.stringify({
  factor: "rev_5",
  delay: 1,
  horizons: [1, 21],
  ic: {
    "1": { mean: 0.05, ir: 0.4, t_hac: 3.25, p_hac: 0.001, days: 250 },
    "21": { mean: -0.01, ir: null, t_hac: null, p_hac: null, days: 230 },
  },
  spread: { "1": { mean: 0.002 }, "21": { mean: 1e-17 } },
  rank_autocorrelation: { "1": 0.5, "21": null },
  declared: { net_sharpe: { "1": 1.5, "21": -0.25 } },
  fdr: { p_adjusted: { "1": 0.004, "21": null }, rejected: { "1": true, "21": false } },
});

/** All files of a folder by their names, as hashes. */
function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true }) as string[];
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );
}

/** A result's cells, row by row. */
const cells = async (lake: LakeReader, sql: string): Promise<unknown[][]> =>
  (await lake.rows(sql)).map((row) => Object.values(row));

/** Files of data; those of publishes say when and by whom, and differ. */
const dataIn = (folder: string): [string, string][] =>
  [...contents(folder)].filter(
    ([name]) => name.endsWith(".parquet") && !name.startsWith("publishes/"),
  );

describe("publishing to a lake", () => {
  const warehouse = useSimulatedWarehouse(market);
  const folder = useTempFolder();
  const lake = (): string => join(folder(), "lake");
  const run = (args: Partial<PublishArgs> = {}): Promise<PublishReport> =>
    publish(
      {
        to: lake(),
        datasets: datasetNames,
        asOf: undefined,
        dryRun: false,
        keepDays: 30,
        ...args,
      },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );

  before(async () => {
    const factors = pickFactors(await loadLibrary(), ["rev_5", "lowvol_20"]);
    const days = { from: market.sessions[40]!, to: market.sessions.at(-1)! };
    await compute({ factors, ...days }, jobDeps(warehouse(), nowMs), noSignal);
    // One late filing, an instant, a day before 1970, and a fact whose filing nobody knows.
    await warehouse().command(
      `INSERT INTO filings (source, issuer_id, accession, form, filed, known_at, known_by, rank, period_end, primary_document, items, capture, run_id, ingested_at) VALUES
       ('s', '0000000001', 'a-1', '10-K', '2020-02-20', '2020-02-20 21:00:00', 'acceptance', 1, '2019-12-31', '', '', '', 'r', now()),
       ('s', '0000000001', 'a-2', '10-K', '2021-02-20', '2021-02-20 21:00:00', 'acceptance', 1, '2020-12-31', '', '', '', 'r', now())`,
    );
    await warehouse().command(
      `INSERT INTO facts (source, issuer_id, taxonomy, concept, unit, period_start, period_end, value, accession, form, filed, capture, run_id, ingested_at) VALUES
       ('s', '0000000001', 'us-gaap', 'Assets', 'USD', NULL, '2019-12-31', 0.1, 'a-1', '10-K', '2020-02-20', '', 'r', now()),
       ('s', '0000000001', 'us-gaap', 'Assets', 'USD', NULL, '2020-12-31', 1e300, 'a-2', '10-K', '2021-02-20', '', 'r', now()),
       ('s', '0000000001', 'us-gaap', 'Revenues', 'USD', '1955-01-01', '1955-12-31', -7, 'a-2', '10-K', '2021-02-20', '', 'r', now()),
       ('s', '0000000001', 'us-gaap', 'Revenues', 'USD', '2020-01-01', '2020-12-31', 5, 'nobody', '10-K', '2021-02-20', '', 'r', now())`,
    );
    await warehouse().command(
      `INSERT INTO evaluations SELECT 'e1', 'rev_5', '1', '{"a": 1}', {result:String}, 'r', toDateTime('2021-04-01 12:00:00', 'UTC')`,
      { result: evaluated },
    );
    await warehouse().command(
      `INSERT INTO exposures SELECT if(number % 2 = 0, 'all', 'large caps'), 'rev_5', 1, concat('S', toString(number)), toDate('2020-12-30') + intDiv(number, 2), number / 7, 'r', now()
       FROM numbers(8)`,
    );
    await warehouse().command(
      `INSERT INTO scores SELECT toString(number), 'sentiment', 'a', 'd', 's', 'p', 'local', 'words', 'scored', '', if(number = 1, NULL, 0.1), 4000000000, 7, NULL, 1,
         toDateTime('2020-12-31 22:00:00', 'UTC') + number * 7200, now(), 'r', now() FROM numbers(2)`,
    );
    await warehouse().command(
      `INSERT INTO runs VALUES ('r', 'compute', '{}', 'c', 'done', '', '2021-04-01 12:00:00.125', '2021-04-01 12:00:01.5', now64(3)),
         ('r2', 'compute', '{}', 'c', 'running', '', '2021-04-01 12:00:00', NULL, now64(3)),
         ('r3', 'publish', '{}', 'c', 'done', '', '2021-04-01 12:00:00', '2021-04-01 12:00:00', now64(3))`,
    );
  });

  it("says what it would write, and touches nothing", async () => {
    const told = await run({ dryRun: true });
    assert.deepEqual(
      told.tables.map(({ table, written, same }) => [table, written, same]),
      [
        ["factor_values", 6, 0],
        ["exposures", 4, 0],
        ["evaluations", 1, 0],
        ["evaluation_horizons", 1, 0],
        ["bars", 3, 0],
        ["facts", 3, 0],
        ["scores", 1, 0],
        ["runs", 1, 0],
      ],
    );
    assert.ok(!existsSync(lake()));
  });

  it("writes tables that DuckDB reads to the last digit", async () => {
    const told = await run();
    assert.ok(told.tables.every(({ snapshot }) => snapshot !== undefined));
    await using duck = await LakeReader.open(lake());
    for (const name of publishedNames) await duck.attach(name);
    const sums = "count(*) AS n, sum(CAST(value AS DECIMAL(38, 18)))::VARCHAR AS s";
    const [[rows, exact]] = (await cells(
      duck,
      `SELECT ${sums} FROM lake.factor_values WHERE abs(value) < 1e6`,
    )) as [[string, string]];
    const [ours] = await warehouse().rows<{ n: number; s: string }>(
      "SELECT count() AS n, toString(sum(toDecimal256(value, 18))) AS s FROM factor_values FINAL WHERE abs(value) < 1e6",
    );
    assert.equal(Number(rows), ours!.n);
    assert.equal(Number(exact), Number(ours!.s));
    const last = "ORDER BY factor, day DESC, security_id LIMIT 5";
    const theirs = await cells(
      duck,
      `SELECT factor, version, security_id, day::VARCHAR, value FROM lake.factor_values ${last}`,
    );
    const mine = await warehouse().rows<Record<string, unknown>>(
      `SELECT factor, version, security_id, toString(day) AS day, value FROM factor_values FINAL ${last}`,
    );
    assert.deepEqual(
      theirs,
      mine.map((row) => Object.values(row)),
    );
    assert.deepEqual(
      await cells(
        duck,
        "SELECT concept, period_start::VARCHAR, period_end::VARCHAR, value, known_at::VARCHAR FROM lake.facts ORDER BY period_end",
      ),
      [
        ["Revenues", "1955-01-01", "1955-12-31", -7, "2021-02-20 21:00:00+00"],
        ["Assets", null, "2019-12-31", 0.1, "2020-02-20 21:00:00+00"],
        ["Assets", null, "2020-12-31", 1e300, "2021-02-20 21:00:00+00"],
      ],
    );
  });

  it("moves nothing the second time", async () => {
    const before = contents(lake());
    const again = await run();
    assert.ok(
      again.tables.every(
        ({ written, removed, snapshot }) => written + removed === 0 && snapshot === undefined,
      ),
    );
    assert.deepEqual(contents(lake()), before);
    // Merged parts hold the same rows: they are looked at, and stay.
    await warehouse().command("OPTIMIZE TABLE factor_values FINAL");
    await warehouse().command("OPTIMIZE TABLE bars FINAL");
    const merged = await run();
    assert.ok(merged.tables.every(({ written }) => written === 0));
    assert.deepEqual(contents(lake()), before);
  });

  it("replaces exactly the partition that changed; what was published stays to be read", async () => {
    const state = await readTable(tableFolder(lake(), "factor_values"), { name: "factor_values" });
    const first = state.metadata!["current-snapshot-id"]!;
    const day = market.sessions.at(-1)!;
    await warehouse().command(
      `INSERT INTO factor_values SELECT factor, version, security_id, day, value + 1, run_id, ingested_at + 1 FROM factor_values FINAL
       WHERE factor = 'rev_5' AND day = toDate('${day}')`,
    );
    const told = await run({ datasets: ["factor_values"] });
    assert.deepEqual(
      told.tables.map(({ written, same, removed }) => [written, same, removed]),
      // And the table of publishes, which says so.
      [
        [1, 5, 1],
        [1, 0, 1],
      ],
    );
    await using duck = await LakeReader.open(lake());
    const sum = `SELECT sum(value) FROM lake.factor_values WHERE factor = 'rev_5' AND day = '${day}'`;
    await duck.attach("factor_values");
    const [[now]] = (await cells(duck, sum)) as [[number]];
    await duck.attach("factor_values", first);
    const [[then]] = (await cells(duck, sum)) as [[number]];
    const names = new Set(market.listings.map(({ ticker }) => ticker)).size;
    assert.ok(now - then > 0.5 && now - then <= names + 1e-9, `${now} ${then}`);
    // A partition that is gone here goes there.
    await warehouse().command(
      "ALTER TABLE factor_values DELETE WHERE factor = 'lowvol_20' AND toYear(day) = 2019 SETTINGS mutations_sync = 2",
    );
    const less = await run({ datasets: ["factor_values"] });
    assert.deepEqual(
      less.tables.map(({ written, same, removed }) => [written, same, removed]),
      [
        [0, 5, 1],
        [1, 0, 1],
      ],
    );
  });

  it("sees a change of a row that lacks a cell", async () => {
    // An instant has no start.
    await warehouse().command(
      "ALTER TABLE facts UPDATE value = 0.2 WHERE accession = 'a-1' SETTINGS mutations_sync = 2",
    );
    const told = await run({ datasets: ["facts"] });
    assert.deepEqual(
      told.tables.map(({ table, written, same, removed }) => [table, written, same, removed]),
      [
        ["facts", 1, 2, 1],
        ["publishes", 1, 0, 1],
      ],
    );
  });

  it("publishes what was known on a day", async () => {
    const to = join(folder(), "then");
    await run({ to, asOf: parseTradingDay("2020-06-30") });
    await using duck = await LakeReader.open(to);
    for (const name of ["facts", "bars", "factor_values"]) await duck.attach(name);
    assert.deepEqual(await cells(duck, "SELECT accession FROM lake.facts"), [["a-1"]]);
    for (const name of ["bars", "factor_values"]) {
      assert.deepEqual(await cells(duck, `SELECT max(day)::VARCHAR FROM lake.${name}`), [
        ["2020-06-30"],
      ]);
    }
  });

  it("keeps snapshots for as long as it is told, and removes what only others had", async () => {
    const kept = await run({ clean: true, dryRun: true });
    assert.deepEqual(kept.orphans, []);
    writeFileSync(join(lake(), "bars/data/left.parquet.unfinished"), "half a file");
    assert.deepEqual((await run({ clean: true, dryRun: true })).orphans, [
      "bars/data/left.parquet.unfinished",
    ]);
    await warehouse().command(
      "ALTER TABLE factor_values DELETE WHERE factor = 'lowvol_20' AND toYear(day) = 2020 SETTINGS mutations_sync = 2",
    );
    const later = jobDeps(warehouse(), nowMs + 40 * 86_400_000);
    await publish(
      { to: lake(), datasets: ["factor_values"], asOf: undefined, dryRun: false, keepDays: 30 },
      later,
      noSignal,
    );
    const state = await readTable(tableFolder(lake(), "factor_values"), { name: "factor_values" });
    assert.equal(state.metadata!.snapshots.length, 1);
    const orphans = (await run({ clean: true })).orphans.filter((name) =>
      /^(factor_values|bars)\//.test(name),
    );
    // Three files of data that were replaced or went, the lists and manifests of three snapshots, and half a file.
    assert.equal(orphans.filter((name) => name.endsWith(".parquet")).length, 3);
    assert.equal(orphans.filter((name) => /snap-/.test(name)).length, 3);
    assert.deepEqual((await run({ clean: true, dryRun: true })).orphans, []);
    await using duck = await LakeReader.open(lake());
    await duck.attach("factor_values");
    const [[rows]] = (await cells(duck, "SELECT count(*) FROM lake.factor_values")) as [[string]];
    assert.equal(Number(rows), Number(state.metadata!.snapshots[0]!.summary["total-records"]));
  });

  it("leaves alone what others wrote, and what has other columns", async () => {
    const to = join(folder(), "others");
    await run({ to, datasets: ["evaluations"] });
    const file = join(to, "evaluations/metadata/v1.metadata.json");
    const whole = readFileSync(file, "utf8");
    const refuses = async (text: string, message: RegExp): Promise<void> => {
      writeFileSync(file, text);
      const before = contents(to);
      await assert.rejects(run({ to, datasets: ["evaluations"] }), {
        name: "InvalidInput",
        message,
      });
      assert.deepEqual(contents(to), before);
    };
    await refuses(
      whole.replaceAll('"quarry.run"', '"spark.app"'),
      /somebody else wrote the snapshot/,
    );
    await refuses(whole.replace('"quarry.table"', '"other"'), /a table that Quarry did not make/);
    // The rows are others, so that there is something to be written.
    const other = whole
      .replaceAll(/"quarry.source": "[^"]+"/g, '"quarry.source": ""')
      .replaceAll(".parquet", ".parquet");
    const changed = other.replace('"name": "result"', '"name": "outcome"');
    writeFileSync(file, changed);
    await warehouse().command(
      `INSERT INTO evaluations SELECT 'e2', 'rev_5', '1', '{}', '{}', 'r', toDateTime('2021-04-02 12:00:00', 'UTC')`,
    );
    await assert.rejects(run({ to, datasets: ["evaluations"] }), {
      name: "InvalidInput",
      message: /has a column outcome string where result string is to go/,
    });
  });

  describe("read by pyiceberg", () => {
    const python = usePyiceberg();
    const program = `
import sys, json
from pyiceberg.table import StaticTable
from pyiceberg.expressions import EqualTo, GreaterThanOrEqual, LessThan, And
lake, tables = sys.argv[1], json.loads(sys.argv[2])
out = {}
for name, version in tables.items():
    table = StaticTable.from_metadata(f"{lake}/{name}/metadata/v{version}.metadata.json")
    rows = table.scan().to_arrow()
    out[name] = {"rows": rows.num_rows, "types": [str(f.field_type) for f in table.schema().fields], "snapshots": len(table.snapshots())}
    if name == "factor_values":
        out[name]["sum"] = repr(sum(sorted(rows["value"].to_pylist())))
        out[name]["rev_5"] = table.scan(row_filter=EqualTo("factor", "rev_5")).to_arrow().num_rows
    for column in [c for c in ("day", "period_end") if c in table.schema().column_names]:
        out[name]["year"] = table.scan(row_filter=And(GreaterThanOrEqual(column, "2020-03-01"), LessThan(column, "2021-01-01"))).to_arrow().num_rows
        out[name]["files"] = len(list(table.scan(row_filter=LessThan(column, "2020-01-01")).plan_files()))
print(json.dumps(out))
`;

    it("has the rows, sums, types, and what filters on each partition find", async () => {
      const to = join(folder(), "python");
      await run({ to });
      const versions = Object.fromEntries(publishedNames.map((name) => [name, 1]));
      const read = (await python(program, to, JSON.stringify(versions))) as Record<
        string,
        Record<string, unknown>
      >;
      const one = async (sql: string): Promise<number> =>
        (await warehouse().rows<{ n: number }>(`SELECT ${sql} AS n`))[0]!.n;
      for (const name of publishedNames) {
        assert.deepEqual(
          read[name]!["types"],
          publishedTables[name].columns.map(({ type }) => type),
        );
        assert.equal(read[name]!["snapshots"], 1);
      }
      const values = "(SELECT count() FROM factor_values FINAL WHERE ";
      assert.equal(read["factor_values"]!["rows"], await one(`${values} 1)`));
      assert.equal(read["factor_values"]!["rev_5"], await one(`${values} factor = 'rev_5')`));
      const year = "day >= '2020-03-01' AND day < '2021-01-01')";
      assert.equal(read["factor_values"]!["year"], await one(`${values} ${year}`));
      assert.equal(read["bars"]!["rows"], await one("(SELECT count() FROM bars FINAL)"));
      assert.equal(
        read["bars"]!["year"],
        await one(`(SELECT count() FROM bars FINAL WHERE ${year}`),
      );
      // Files of other years are not even opened.
      assert.equal(read["bars"]!["files"], 1);
      assert.deepEqual([read["facts"]!["rows"], read["facts"]!["year"]], [3, 1]);
      const all = await warehouse().rows<{ value: number }>(
        "SELECT value FROM factor_values FINAL ORDER BY value",
      );
      const sum = all.reduce((total, { value }) => total + value, 0);
      assert.ok(
        Math.abs(Number(read["factor_values"]!["sum"]) - sum) <= 1e-9 * Math.abs(sum) + 1e-12,
      );
    });
  });

  it("ends with the same files wherever the plug is pulled, and readers see whole snapshots", async () => {
    const undisturbed = join(folder(), "undisturbed");
    await run({ to: undisturbed, datasets: ["factor_values"] });
    const whole = await metadataInShort(undisturbed, "factor_values");
    const table = publishedTables.factor_values;
    const told = { runId: "r", codeVersion: codeVersion(), nowMs, keepSinceMs: 0 };
    let pulled = 0;
    for (let at = 1; ; at++) {
      const to = join(folder(), `pulled-${at}`);
      const real = tableFolder(to, "factor_values");
      let step = 0;
      /** Dies before its nth step has an effect, or right after. */
      const dying = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        if (++step === at && at % 2 === 0) throw new Error("The plug was pulled.");
        const result = await work();
        if (step === at) throw new Error("The plug was pulled.");
        return result;
      };
      const wrapped: TableFolder = {
        ...real,
        put: (name, bytes) => dying(() => real.put(name, bytes)),
        advance: (from, bytes) => dying(() => real.advance(from, bytes)),
        settle: (now) => dying(() => real.settle(now)),
        bring: (name, write, read) =>
          real.bring(
            name,
            (path) => dying(() => write(path)),
            (path) => dying(() => read(path)),
          ),
      };
      const deps = { warehouse: warehouse(), folder: wrapped, asOfMs: undefined, target: "" };
      let died = false;
      try {
        await publishTable(table, await changeOf(table, deps), deps, told, noSignal);
      } catch (thrown) {
        assert.match((thrown as Error).message, /The plug was pulled/);
        died = true;
      }
      const { live } = await readTable(real, table);
      for (const { file } of live) assert.ok(existsSync(real.pathOf(file.path)));
      if (!died) break;
      pulled++;
      await run({ to, datasets: ["factor_values"] });
      assert.deepEqual(dataIn(to), dataIn(undisturbed), `after ${at} steps`);
      assert.deepEqual(await metadataInShort(to, "factor_values"), whole, `after ${at} steps`);
      const hint = readFileSync(join(to, "factor_values/metadata/version-hint.text"), "utf8");
      assert.equal(hint, String((await readTable(real, table)).at!.version));
      await run({ to, clean: true });
      assert.deepEqual(dataIn(to), dataIn(undisturbed));
    }
    assert.ok(pulled > 10, String(pulled));
  });

  it("takes columns that are added: older snapshots stay as they were", async () => {
    const to = join(folder(), "grown");
    const whole = publishedTables.evaluations;
    const before: PublishedTable = {
      ...whole,
      columns: whole.columns.slice(0, 5),
      select:
        "SELECT evaluation_id, toString(factor) AS factor, version, parameters, result FROM evaluations FINAL",
    };
    const told = { runId: "r", codeVersion: "c", nowMs, keepSinceMs: 0 };
    const deps = {
      warehouse: warehouse(),
      folder: tableFolder(to, "evaluations"),
      asOfMs: undefined,
      target: "",
    };
    await publishTable(before, await changeOf(before, deps), deps, told, noSignal);
    await run({ to, datasets: ["evaluations"] });
    const { metadata } = await readTable(deps.folder, whole);
    assert.deepEqual(
      metadata!.schemas.map(({ fields }) => fields.length),
      [5, 6],
    );
    // Rows of before have none of it.
    assert.deepEqual(metadata!.schemas[1]!.fields[5]!.required, false);
    assert.deepEqual(
      metadata!.snapshots.map((snapshot) => snapshot["schema-id"]),
      [0, 1],
    );
    await using duck = await LakeReader.open(to);
    const columns = async (snapshot?: number): Promise<number> => {
      await duck.attach("evaluations", snapshot);
      return (await cells(duck, "DESCRIBE lake.evaluations")).length;
    };
    assert.equal(await columns(), 6);
    assert.equal(await columns(metadata!.snapshots[0]!["snapshot-id"]), 5);
    // A newer table is not written over by an older version.
    await assert.rejects(
      async () => publishTable(before, await changeOf(before, deps), deps, told, noSignal),
      {
        name: "InvalidInput",
        message: /a column evaluated_at that this version of Quarry does not know/,
      },
    );
  });

  it("publishes nothing of a partition that is changed under way, and all of it the next time", async () => {
    const to = join(folder(), "changed");
    const table = publishedTables.factor_values;
    const told = { runId: "r", codeVersion: "c", nowMs, keepSinceMs: 0 };
    const real = tableFolder(to, "factor_values");
    const day = market.sessions.at(-1)!;
    let written = 0;
    const deps = (more: string) => ({
      warehouse: warehouse(),
      asOfMs: undefined,
      target: "",
      folder: {
        ...real,
        // Somebody changes a partition that was hashed: a value of it, and then the number of its rows.
        async bring<Told>(
          name: string,
          write: (path: string) => Promise<void>,
          read: (path: string) => Promise<Told>,
        ): Promise<Told> {
          if (++written === 1) {
            await warehouse().command(
              `INSERT INTO factor_values SELECT factor, version, ${more}, day, value * 2, run_id, ingested_at + 10 FROM factor_values FINAL
               WHERE factor = 'rev_5' AND day = toDate('${day}') LIMIT 1`,
            );
          }
          return real.bring(name, write, read);
        },
      },
    });
    for (const more of ["security_id", "concat(security_id, 'x')"]) {
      written = 0;
      const own = deps(more);
      await assert.rejects(
        async () => publishTable(table, await changeOf(table, own), own, told, noSignal),
        { name: "Busy", message: /rev_5.*was changed while it was written: nothing was published/ },
      );
      assert.equal((await readTable(real, table)).at, undefined);
    }
    await run({ to, datasets: ["factor_values"] });
    const undisturbed = join(folder(), "unchanged");
    await run({ to: undisturbed, datasets: ["factor_values"] });
    assert.deepEqual(dataIn(to), dataIn(undisturbed));
  });

  it("makes no table of nothing, and says so", async () => {
    const to = join(folder(), "nothing");
    const asOf = parseTradingDay("2018-12-31");
    await assert.rejects(run({ to, asOf }), {
      name: "Failed",
      message: /There is nothing to publish/,
    });
    assert.equal(contents(to).size, 0);
  });

  it("lets one of two who commit at once do so, and says so to the other", async () => {
    const to = join(folder(), "two");
    const table = publishedTables.bars;
    const told = { runId: "r", codeVersion: "c", nowMs, keepSinceMs: 0 };
    const deps = {
      warehouse: warehouse(),
      folder: tableFolder(to, "bars"),
      asOfMs: undefined,
      target: "",
    };
    const change = await changeOf(table, deps);
    await publishTable(table, change, deps, told, noSignal);
    await assert.rejects(publishTable(table, change, deps, told, noSignal), {
      name: "Busy",
      message: /somebody else committed meanwhile: nothing was published/,
    });
    assert.equal((await readTable(deps.folder, table)).at?.version, 1);
  });
});
