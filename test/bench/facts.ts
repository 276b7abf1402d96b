/**
 * What companies' reports cost, measured: `npm run bench:facts`. A zip of 1,060 companies of twenty years is parsed and loaded, and
 * the whole market extrapolated from it; copies of them make a hundred million rows, of which one company is asked for; and all
 * factors on statements are computed of 5,000 securities of twenty years. With --small a twentieth of it, to see that it runs.
 */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { textTable } from "../../jobs/table.ts";
import { isCompanyInput } from "../../shared/factors/company.ts";
import { loadLibrary } from "../../shared/factors/load-library.ts";
import { sessionCloseMs } from "../../shared/market/calendar.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { Archive } from "../../shared/simulator/edgar/archive.ts";
import {
  companyFactsBody,
  overflowBody,
  submissionsBody,
} from "../../shared/simulator/edgar/bodies.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { openEmbedded } from "../../shared/warehouse/embedded.ts";
import { factsOfIssuer } from "../../shared/warehouse/tables/facts.ts";
import { runTimed } from "./run-timed.ts";

const small = process.argv.includes("--small");
const companies = small ? 53 : 1060;
const securities = small ? 250 : 5000;
const copies = small ? 1 : 14;

const figures: { what: string; measured: string; asked: string }[] = [];
const add = (what: string, measured: string, asked: string): void => {
  figures.push({ what, measured, asked });
  process.stderr.write(`  ${what}: ${measured}\n`);
};
const folder = await mkdtemp(join(tmpdir(), "quarry-bench-"));
const home = join(folder, "home");
try {
  const market = simulateMarket({
    seed: 1,
    securities: companies,
    from: parseTradingDay("2006-01-03"),
    to: parseTradingDay("2025-12-31"),
    delistingsPerYear: 0,
    lateStarts: 0,
  });
  const nowMs = sessionCloseMs(market.sessions.at(-1)!) + 36_000_000;
  const archive = new Archive(market);
  const { ZipFile } = await import("yazl");
  let bytes = 0;
  const write = async (
    name: string,
    bodies: (issuer: string) => Record<string, string | undefined>,
  ): Promise<string> => {
    const path = join(folder, name);
    const zip = new ZipFile();
    const written = pipeline(zip.outputStream, createWriteStream(path));
    for (const issuer of archive.issuers) {
      for (const [file, body] of Object.entries(bodies(issuer))) {
        if (body === undefined) continue;
        if (name === "companyfacts.zip") bytes += Buffer.byteLength(body);
        zip.addBuffer(Buffer.from(body), file);
      }
      // What was added is packed before the next one is made.
      await new Promise(setImmediate);
    }
    zip.end();
    await written;
    return path;
  };
  const facts = await write("companyfacts.zip", (issuer) => ({
    [`CIK${issuer}.json`]: companyFactsBody(archive.filer(issuer)!, nowMs),
  }));
  const submissions = await write("submissions.zip", (issuer) => ({
    [`CIK${issuer}.json`]: submissionsBody(archive.filer(issuer)!, nowMs),
    [`CIK${issuer}-submissions-001.json`]: overflowBody(archive.filer(issuer)!, nowMs),
  }));
  const packed = ((await stat(facts)).size / 1e6).toFixed(0);
  const megabytes = bytes / 1e6;

  const bulk = ["--bulk", facts, "--submissions", submissions, "--json"];
  const load = await runTimed(home, "backfill", "facts", ...bulk);
  const { loaded } = JSON.parse(load.stdout) as { loaded: { facts: number } };
  const name = `${companies} companies, ${megabytes.toFixed(0)} MB of JSON in ${packed} MB, ${(loaded.facts / 1e6).toFixed(1)} M facts`;
  add(
    `parse and load ${name}`,
    `${load.seconds.toFixed(1)} s; ${(megabytes / load.cpuSeconds).toFixed(0)} MB/s a core, ${(megabytes / load.seconds).toFixed(0)} MB/s`,
    "over 100 MB/s a core",
  );
  add(
    "facts into the warehouse",
    `${(loaded.facts / load.seconds / 1000).toFixed(0)} thousand/s`,
    "over 300",
  );
  add("memory of it", `${load.peakMiB.toFixed(0)} MiB`, "under 1 GB");
  const whole = 18_000;
  add(
    `the whole market, extrapolated to ${whole} MB of JSON`,
    `${((load.seconds * whole) / megabytes / 60).toFixed(1)} min on this machine`,
    "under 10 min on 4 cores",
  );

  const warehouse = await openEmbedded(join(home, "warehouse"));
  const copy = (n: number): string => `toString(toUInt64(f.issuer_id) - ${n} * 100000)`;
  for (let n = 1; n <= copies; n++) {
    await warehouse.command(
      `INSERT INTO facts SELECT * REPLACE (${copy(n)} AS issuer_id) FROM facts AS f WHERE f.issuer_id >= '9900000000'`,
    );
    await warehouse.command(
      `INSERT INTO filings SELECT * REPLACE (${copy(n)} AS issuer_id) FROM filings AS f WHERE f.issuer_id >= '9900000000'`,
    );
  }
  const [{ rows }] = (await warehouse.rows<{ rows: number }>(
    "SELECT count() AS rows FROM facts",
  )) as [{ rows: number }];
  const concepts = [
    "Revenues",
    "RevenueFromContractWithCustomerExcludingAssessedTax",
    "SalesRevenueNet",
  ];
  const asked: number[] = [];
  for (const n of [1, 2, 3, 4, 5]) {
    const started = performance.now();
    const issuer = String(9_900_000_000 - 100_000 * (n % (copies + 1)) + 7 * n);
    const found = await factsOfIssuer(warehouse, issuer, concepts);
    if (found.length === 0) throw new Error(`no facts of ${issuer}`);
    asked.push((performance.now() - started) / 1000);
  }
  asked.sort((a, b) => a - b);
  add(
    `an item of one company among ${(rows / 1e6).toFixed(0)} M rows`,
    `${asked[2]!.toFixed(3)} s`,
    "under 0.3 s",
  );

  // Bars of as many securities; what they cost does not depend on what they say.
  await warehouse.command("INSERT INTO price_sources SELECT 'made', 'raw', now()");
  const id = "concat('S', leftPad(toString(number + 1), 6, '0'))";
  await warehouse.command(
    `INSERT INTO securities SELECT ${id}, toString(9900000000 - 100000 * intDiv(number, ${companies}) + number % ${companies}), 'made', ${id}, toDate('2006-01-03'), now()
     FROM numbers(${securities})`,
  );
  for (let year = 2006; year <= 2025; year++) {
    await warehouse.command(
      `INSERT INTO bars SELECT 'made', ${id}, day, close_at, 0, price, price, price, price, 1e6, '', '', now()
       FROM (SELECT number, day, close_at, 20 + (cityHash64(number, day) % 1000) / 50 AS price FROM numbers(${securities}) AS n CROSS JOIN
         (SELECT day, max(close_at) AS close_at FROM sessions WHERE toYear(day) = ${year} GROUP BY day) AS s)
       ORDER BY number, day`,
    );
  }
  await warehouse.close();
  const factors = (await loadLibrary()).filter(({ inputs }) => inputs.some(isCompanyInput));
  const names = factors.map((factor) => factor.name).join(",");
  const computed = await runTimed(
    home,
    "compute",
    "--factors",
    names,
    "--from",
    "2006-01-03",
    "--to",
    "2025-12-31",
    "--json",
  );
  const report = JSON.parse(computed.stdout) as {
    values: number;
    compute_ms: number;
    write_ms: number;
  };
  add(
    `${factors.length} factors on statements of ${securities} securities x 20 years, ${(report.values / 1e6).toFixed(0)} M values`,
    `${(report.compute_ms / 1000).toFixed(0)} s computing, ${(report.write_ms / 1000).toFixed(0)} s writing, ${computed.peakMiB.toFixed(0)} MiB`,
    "under 120 s, 2 GB",
  );
} finally {
  await rm(folder, { recursive: true });
}
const columns = (["what", "measured", "asked"] as const).map((head) => ({
  head,
  cell: (row: (typeof figures)[number]) => row[head],
}));
process.stdout.write(`${textTable(columns, figures)}\n`);
