import { createWriteStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { pipeline } from "node:stream/promises";
import { sessionCloseMs } from "../../shared/market/calendar.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { Archive } from "../../shared/simulator/edgar/archive.ts";
import {
  companyFactsBody,
  overflowBody,
  submissionsBody,
} from "../../shared/simulator/edgar/bodies.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { measured, print } from "./facts-measures.ts";

// What a zip of companies takes to be read and loaded, and what a question about one of them takes. A zip of 1,060 companies of
// twenty years, a tenth of those that report; the whole market is extrapolated from it, and called so.

const companies = Number(process.argv[2] ?? 1060);
const folder = join(tmpdir(), "quarry-bench-facts");
await rm(folder, { recursive: true, force: true });
await mkdir(folder);

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

/** One of the zips, company after company. */
async function write(
  name: string,
  entries: (issuer: string) => [string, string | undefined][],
): Promise<string> {
  const path = join(folder, name);
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path));
  for (const issuer of archive.issuers) {
    for (const [file, body] of entries(issuer)) {
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
}

const facts = await write("companyfacts.zip", (issuer) => [
  [`CIK${issuer}.json`, companyFactsBody(archive.filer(issuer)!, nowMs)],
]);
const submissions = await write("submissions.zip", (issuer) => [
  [`CIK${issuer}.json`, submissionsBody(archive.filer(issuer)!, nowMs)],
  [`CIK${issuer}-submissions-001.json`, overflowBody(archive.filer(issuer)!, nowMs)],
]);
const home = join(folder, "home");
const { size } = await stat(facts);
print(
  `${archive.issuers.length} companies, ${(bytes / 1e6).toFixed(0)} MB of JSON, ${(size / 1e6).toFixed(0)} MB packed`,
);

const load = await measured(
  ["backfill", "facts", "--bulk", facts, "--submissions", submissions, "--json"],
  home,
);
const report = JSON.parse(load.stdout) as { loaded: { facts: number } };
const count = report.loaded.facts;
const megabytes = bytes / 1e6;
print(
  `parse and load: ${load.seconds.toFixed(1)} s, ${load.cpuSeconds.toFixed(1)} s of cores, ${(load.maxRssMb / 1000).toFixed(2)} GB; ` +
    `${(megabytes / load.cpuSeconds).toFixed(0)} MB/s a core, ${(megabytes / load.seconds).toFixed(0)} MB/s, ` +
    `${(count / load.seconds / 1000).toFixed(0)} thousand facts/s (${count} facts)`,
);
const whole = 18_000;
print(
  `the whole market, extrapolated to ${whole} MB of JSON: ${((load.seconds * whole) / megabytes / 60).toFixed(1)} min on this machine`,
);
const ask = await measured(
  ["facts", archive.issuers[500 % archive.issuers.length]!, "revenue", "--ttm", "--json"],
  home,
);
print(`facts of one company: ${ask.seconds.toFixed(2)} s with the start of the process`);
if (!process.argv.includes("--keep")) await rm(folder, { recursive: true });
