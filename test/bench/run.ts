/**
 * The figures of the README, measured: `npm run bench`. Ratios are against ClickHouse reading the same file with no checks,
 * or the same work on one thread's plain look at the numbers, in the same run. With --small a panel a hundred times
 * smaller, to see that it runs.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { textTable } from "../../jobs/table.ts";
import type { TradingDay } from "../../shared/market/trading-day.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { makeMarketFiles } from "./make-market-file.ts";
import { runTimed } from "./run-timed.ts";

interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly asked: string;
}

const small = process.argv.includes("--small");
const day = (text: string): TradingDay => text as TradingDay;
const securities = small ? 300 : 5000;
// 5,040 sessions.
const [from, to] = small
  ? [day("2015-01-02"), day("2016-12-30")]
  : [day("2006-01-03"), day("2026-01-12")];

const figures: Figure[] = [];
const add = (what: string, measured: string, asked: string): void => {
  figures.push({ what, measured, asked });
  process.stderr.write(`  ${what}: ${measured}\n`);
};
const seconds = (value: number): string => `${value.toFixed(2)} s`;

const folder = await mkdtemp(join(tmpdir(), "quarry-bench-"));
const home = (name: string): string => join(folder, name);

/** What ClickHouse alone takes to bring the same file into a plain table of the same columns. */
async function bareInsert(path: string, format: string): Promise<number> {
  const clickHouse = await openEmbedded(home("bare"));
  const started = performance.now();
  await clickHouse.command(
    `CREATE TABLE t ENGINE = MergeTree ORDER BY (ticker, date) SETTINGS allow_nullable_key = 1 AS SELECT * FROM file({path:String}, {format:String})`,
    { path, format },
  );
  const took = (performance.now() - started) / 1000;
  await clickHouse.close();
  await rm(home("bare"), { recursive: true });
  return took;
}

try {
  await mkdir(folder, { recursive: true });
  process.stderr.write(`Simulating ${securities} securities, ${from} to ${to}, as files ...\n`);
  const files = await makeMarketFiles(folder, securities, from, to);
  const million = files.bars / 1e6;

  const help: number[] = [];
  for (let at = 0; at < 5; at++) help.push((await runTimed(home("help"), "--help")).seconds);
  add("quarry --help, warm, median of 5", seconds(help.sort((a, b) => a - b)[2]!), "under 0.4 s");

  for (const [format, path, asked] of [
    ["CSVWithNames", files.csv, "over 0.4 M rows/s"],
    ["Parquet", files.parquet, "over 1 M rows/s"],
  ] as const) {
    const bare = await bareInsert(path, format);
    const panel = home(format);
    const took = await runTimed(
      panel,
      "import",
      "prices",
      path,
      "--source",
      "bench",
      "--basis",
      "raw",
      "--json",
    );
    add(
      `import of ${million.toFixed(1)} M bars, ${format.replace("WithNames", "")}`,
      `${(million / took.seconds).toFixed(2)} M rows/s (${seconds(took.seconds)}, ${took.peakMiB.toFixed(0)} MiB; ${(took.seconds / bare).toFixed(1)} x ClickHouse's bare insert)`,
      asked,
    );
    if (format !== "Parquet") await rm(panel, { recursive: true });
  }

  const panel = home("Parquet");
  const computed = await runTimed(panel, "compute", "--from", from, "--to", to, "--json");
  const report = JSON.parse(computed.stdout) as {
    computed: string[];
    values: number;
    compute_ms: number;
    write_ms: number;
  };
  const total = report.compute_ms + report.write_ms;
  add(
    `${report.computed.length} factors over the panel, computed and stored`,
    `${seconds(computed.seconds)}; ${((computed.seconds * 14) / report.computed.length).toFixed(1)} s for 14 of them; ${Math.round((100 * report.write_ms) / total)} % writing, ${(report.values / 1e6).toFixed(0)} M values, ${computed.peakMiB.toFixed(0)} MiB`,
    "14 under 100 s",
  );

  const one = await runTimed(panel, "evaluate", "mom_12_1", "--json");
  const three = await runTimed(panel, "evaluate", "mom_12_1", "rev_5", "lowvol_252", "--json");
  add(
    "one factor at 4 horizons, load included",
    `${seconds(one.seconds)}, ${one.peakMiB.toFixed(0)} MiB`,
    "under 8 s and 1.1 GB",
  );
  add(
    "each further factor",
    `${seconds((three.seconds - one.seconds) / 2)}, ${three.peakMiB.toFixed(0)} MiB in all`,
    "under 3 s",
  );
  await rm(panel, { recursive: true });

  if (!small) {
    const wide = await makeMarketFiles(home("wide"), 800, day("2006-01-03"), day("2019-07-08"));
    const features = home("features");
    await runTimed(
      features,
      "import",
      "prices",
      wide.parquet,
      "--source",
      "bench",
      "--basis",
      "raw",
      "--json",
    );
    const names =
      "amihud_252,beta_252,high_52w,ivol_21,lowvol_20,lowvol_252,max_21,mom_12_1,pvt_20,rev_5,roc_20,rsi_14,skew_252,turnover_trend";
    const took = await runTimed(
      features,
      "compute",
      "--factors",
      names,
      "--from",
      wide.from,
      "--to",
      wide.to,
      "--json",
    );
    add(
      "14 rolling features, 800 x 3,400, from the warehouse to a stored result",
      seconds(took.seconds),
      "under 3 s",
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

const machine = `${cpus().length} x ${cpus()[0]?.model ?? "?"}, Node ${process.versions.node}`;
process.stdout.write(
  `${machine}\n\n${textTable(
    [
      { head: "what", cell: ({ what }) => what },
      { head: "measured", cell: ({ measured }) => measured },
      { head: "asked", cell: ({ asked }) => asked },
    ],
    figures,
  )}\n`,
);
