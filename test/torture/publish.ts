/**
 * Kills of a publish that no test has the time for: `npm run torture:publish [KILLS]`, 50 by default. A publish of factor values is
 * killed at seeded random moments; after each the lake's current snapshot is a whole one, and in the end its files are those of an
 * undisturbed publish, with nothing left over that `--clean` does not remove.
 *
 * Exits with 1 where that is not so.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { tableFolder } from "../../shared/lake/lake-folder.ts";
import { readTable } from "../../shared/lake/iceberg/table.ts";
import { parquetStats } from "../../shared/lake/parquet-stats.ts";
import { publishedTables } from "../../shared/lake/tables.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { migrate } from "../../shared/warehouse/migrate.ts";
import { uniform } from "../factors/support/made-inputs.ts";
import { metadataInShort } from "../support/lake-metadata.ts";
import { quarry, startQuarry } from "../support/quarry.ts";

const wanted = Number(process.argv[2] ?? 50);
const folder = mkdtempSync(join(tmpdir(), "quarry-torture-"));
const home = join(folder, "home");
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function dataIn(lake: string): string[] {
  return (
    (readdirSync(lake, { recursive: true }) as string[])
      // What publishes say of themselves, run and time, is another each time.
      .filter((name) => name.includes("/data/") && !name.startsWith("publishes/"))
      .filter((name) => statSync(join(lake, name)).isFile())
      .sort()
      .map((name) => {
        const bytes = readFileSync(join(lake, name));
        return `${name} ${createHash("sha256").update(bytes).digest("hex")}`;
      })
  );
}

/** Rows of the current snapshot by its files; NaN when a file is missing, or holds others than it is said to. */
async function rowsIn(lake: string): Promise<number> {
  const table = publishedTables.factor_values;
  const own = tableFolder(lake, table.name);
  let rows = 0;
  for (const { file } of (await readTable(own, table)).live) {
    const path = own.pathOf(file.path);
    const there = existsSync(path) ? (await parquetStats(path, table.columns)).rows : NaN;
    rows += there === file.rows ? there : NaN;
  }
  return rows;
}

/** True when the table of publishes tells of each snapshot once, whoever died before saying so. */
async function isWrittenDown(lake: string): Promise<boolean> {
  const { publishes, factor_values: values } = publishedTables;
  const told = await readTable(tableFolder(lake, publishes.name), publishes);
  const { metadata } = await readTable(tableFolder(lake, values.name), values);
  return told.live.reduce((sum, { file }) => sum + file.rows, 0) === metadata!.snapshots.length;
}

try {
  const warehouse = await openEmbedded(join(home, "warehouse"));
  await migrate(warehouse);
  await warehouse.command(
    `INSERT INTO factor_values SELECT concat('factor_', toString(f.number)), 1, concat('S', toString(s.number)), toDate('2016-01-01') + d.number,
       (cityHash64(f.number, s.number, d.number) % 2000001) / 1e6 - 1, 'torture', now()
     FROM numbers(8) AS f CROSS JOIN numbers(150) AS s CROSS JOIN numbers(1800) AS d`,
  );
  const [{ n }] = (await warehouse.rows<{ n: number }>(
    "SELECT count() AS n FROM factor_values FINAL",
  )) as [{ n: number }];
  await warehouse.close();
  const command = (lake: string): string[] => [
    ...["publish", "--to", lake, "--datasets", "factor_values", "--json"],
  ];
  const whole = join(folder, "whole");
  const started = performance.now();
  const undisturbed = await quarry(command(whole), { home });
  if (undisturbed.code !== 0) throw new Error(undisturbed.stderr);
  const takes = performance.now() - started;
  const expected = dataIn(whole);
  const metadata = await metadataInShort(whole, "factor_values");
  say(`${expected.length} files of ${n} rows, ${(takes / 1000).toFixed(1)} s undisturbed`);
  const next = uniform(1);
  let kills = 0;
  let broken = 0;
  for (let round = 1; kills < wanted; round++) {
    const lake = join(folder, `lake${round}`);
    let isDone = false;
    while (!isDone && kills < wanted) {
      const { child, outcome } = startQuarry(command(lake), { home });
      const timer = setTimeout(() => child.kill("SIGKILL"), (0.25 + 0.8 * next()) * takes);
      const { code } = await outcome;
      clearTimeout(timer);
      isDone = code === 0;
      if (!isDone) kills++;
      const rows = await rowsIn(lake);
      if (rows !== 0 && rows !== n) {
        broken++;
        say(`round ${round}: ${rows} rows in the snapshot, expected 0 or ${n}`);
      }
    }
    const last = await quarry(command(lake), { home });
    if (last.code !== 0) throw new Error(last.stderr);
    await quarry(["publish", "--to", lake, "--clean", "--json"], { home });
    if (!isDeepStrictEqual(dataIn(lake), expected)) {
      broken++;
      say(`round ${round}: the files are others`);
    }
    if (!isDeepStrictEqual(await metadataInShort(lake, "factor_values"), metadata)) {
      broken++;
      say(`round ${round}: the metadata is another, beyond ids and times`);
    }
    if (!(await isWrittenDown(lake))) {
      broken++;
      say(`round ${round}: the table of publishes tells of other snapshots`);
    }
    rmSync(lake, { recursive: true });
  }
  say(
    `${kills} kills: ${broken === 0 ? "every snapshot whole, the same files and metadata" : `${broken} BROKEN`}`,
  );
  process.exitCode = broken === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
