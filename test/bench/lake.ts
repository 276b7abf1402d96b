/**
 * What publishing costs, measured: `npm run bench:lake`. 25 million factor values go to a lake in a folder, and again when nothing
 * changed, and when one value did; DuckDB reads them, with as many exposures and six million prices beside. With --small a fiftieth of
 * it, to see that it runs.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textTable } from "../../jobs/table.ts";
import { LakeReader } from "../../shared/lake/lake-reader.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { migrate } from "../../shared/warehouse/migrate.ts";
import { forDuckDb, queryBook, valuesOf } from "../../shared/lake/query-book.ts";
import { runTimed } from "./run-timed.ts";

const small = process.argv.includes("--small");
const securities = small ? 100 : 5000;
const factors = 4;

const figures: { what: string; measured: string; asked: string }[] = [];
const add = (what: string, measured: string, asked: string): void => {
  figures.push({ what, measured, asked });
  process.stderr.write(`  ${what}: ${measured}\n`);
};
const folder = await mkdtemp(join(tmpdir(), "quarry-bench-"));
const home = join(folder, "home");
const lake = join(folder, "lake");
const change = async (...statements: string[]): Promise<number> => {
  const warehouse = await openEmbedded(join(home, "warehouse"));
  try {
    await migrate(warehouse);
    for (const statement of statements) await warehouse.command(statement);
    const [row] = await warehouse.rows<{ n: number }>(
      "SELECT count() AS n FROM factor_values FINAL",
    );
    return row!.n;
  } finally {
    await warehouse.close();
  }
};
const publish = (datasets = "factor_values") =>
  runTimed(home, "publish", "--to", lake, "--datasets", datasets, "--json");
try {
  const years = [2016, 2017, 2018, 2019, 2020];
  const rows = await change(
    ...years.map(
      (year) =>
        `INSERT INTO factor_values SELECT concat('factor_', toString(f.number)), 1, concat('S', toString(s.number)), toDate('${year}-01-01') + d.number,
           (cityHash64(f.number, s.number, d.number, ${year}) % 2000001) / 1e6 - 1, 'bench', now()
         FROM numbers(${factors}) AS f CROSS JOIN numbers(${securities}) AS s CROSS JOIN numbers(252) AS d`,
    ),
  );
  const what = `${(rows / 1e6).toFixed(1)} M factor values`;
  const first = await publish();
  add(
    `publish ${what} to a folder`,
    `${first.seconds.toFixed(1)} s, ${first.peakMiB.toFixed(0)} MiB`,
    "under 60 s, 1.5 GB",
  );
  const second = await publish();
  add("the second publish", `${second.seconds.toFixed(1)} s`, "under 3 s");
  await change(
    `INSERT INTO factor_values SELECT 'factor_1', 1, 'S7', toDate('2020-01-02'), 0.5, 'bench', now() + 1`,
  );
  const third = await publish();
  add("after one value changed: a partition of 1.26 M", `${third.seconds.toFixed(1)} s`, "");
  await change(
    "INSERT INTO exposures SELECT 'all', factor, version, security_id, day, value, run_id, ingested_at FROM factor_values FINAL",
    `INSERT INTO bars SELECT 'bench', security_id, day, toDateTime(day, 'UTC') + 75600, 0, 10, 11, 9, 10 + value, 1000, '', run_id, ingested_at
     FROM factor_values FINAL WHERE factor = 'factor_0'`,
  );
  const more = await publish("exposures,bars");
  add(
    "publish as many exposures, and 6.3 M prices",
    `${more.seconds.toFixed(1)} s, ${more.peakMiB.toFixed(0)} MiB`,
    "",
  );
  const tables = ["factor_values", "exposures", "bars"] as const;
  await using duck = await LakeReader.open(lake);
  for (const table of tables) await duck.attach(table);
  const given: Readonly<Record<string, string>> = {
    factor: "factor_2",
    second: "factor_3",
    day: "2020-03-02",
    securities: "S1,S17,S99",
    universe: "all",
  };
  for (const question of await queryBook()) {
    if (question.tables.some((table) => !tables.some((held) => held === table))) continue;
    const values = valuesOf(
      question,
      Object.fromEntries(question.parameters.map(({ name }) => [name, given[name]!])),
    );
    const started = performance.now();
    await duck.rows(forDuckDb(question), values);
    const seconds = (performance.now() - started) / 1000;
    add(`DuckDB: ${question.name}`, `${seconds.toFixed(2)} s`, "under 1 s");
  }
  await change("INSERT INTO price_sources SELECT 'bench', 'raw', now()");
  const day = "2020-09-08";
  const exported = await runTimed(
    home,
    ...["export", "factors", "--as-of", day, "--sessions", "160"],
    ...["--to", join(folder, "export"), "--json"],
  );
  add(
    `export ${factors} factors of ${securities} names, 160 sessions`,
    `${exported.seconds.toFixed(1)} s, ${exported.peakMiB.toFixed(0)} MiB`,
    "",
  );
} finally {
  await rm(folder, { recursive: true });
}
const columns = (["what", "measured", "asked"] as const).map((head) => ({
  head,
  cell: (row: (typeof figures)[number]) => row[head],
}));
process.stdout.write(`${textTable(columns, figures)}\n`);
