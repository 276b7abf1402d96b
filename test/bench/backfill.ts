/**
 * What a backfill costs, measured: `npm run bench:backfill`. Planning over a full ledger, the status of ten million
 * partitions, 5,000 simulated securities of 20 years through processes of this machine, and the share of the ledger in it.
 * With --small a hundredth of it, to see that it runs.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { textTable } from "../../jobs/table.ts";
import { encodeIndex, readIndex, type Known } from "../../shared/backfill/ledger-index.ts";
import { acquireLease } from "../../shared/backfill/lease.ts";
import { claimKey, putReceiptAt } from "../../shared/backfill/receipt.ts";
import { fileStore } from "../../shared/objects/file-store.ts";
import { runTimed } from "./run-timed.ts";

const small = process.argv.includes("--small");
const securities = small ? 50 : 5000;
const days = ["--from", "2005-01-03", "--to", "2024-12-31"];

const figures: { what: string; measured: string; asked: string }[] = [];
const add = (what: string, measured: string, asked: string): void => {
  figures.push({ what, measured, asked });
  process.stderr.write(`  ${what}: ${measured}\n`);
};
const folder = await mkdtemp(join(tmpdir(), "quarry-bench-"));
const home = (name: string): string => join(folder, name);

/** The simulated Yahoo in a process of its own. */
const script = fileURLToPath(new URL("serve-market.ts", import.meta.url));
const vendor = spawn(process.execPath, [script, String(securities), days[1]!, days[3]!], {
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const [line] = (await once(createInterface(vendor.stdout), "line")) as [string];
  const { url, universe } = JSON.parse(line) as { url: string; universe: string };
  const file = join(folder, "universe.csv");
  await writeFile(file, universe);
  Object.assign(process.env, { YAHOO_BASE_URL: url, YAHOO_RATE: "5000", YAHOO_SLOTS: "2" });
  const flags = ["prices", "--universe", file, ...days, "--json"];

  const bought = await runTimed(home("run"), "backfill", ...flags);
  const { admission } = JSON.parse(bought.stdout) as { admission: { admitted: number } };
  add(
    `backfill of ${securities} securities x 20 years, lane open, ${(admission.admitted / 1e6).toFixed(1)} M bars`,
    `${bought.seconds.toFixed(0)} s, ${bought.peakMiB.toFixed(0)} MiB`,
    "under 240 s and 1.5 GB",
  );
  const status = await runTimed(home("run"), "status", "--json");
  const { actuals, units } = JSON.parse(status.stdout) as {
    actuals: { vcpuSeconds: number };
    units: number;
  };

  // The ledger alone: claims and receipts of as many units, one after the other.
  const objects = fileStore(join(home("ledger"), "objects"));
  const tries = Math.min(units, 1000);
  const started = performance.now();
  for (let at = 0; at < tries; at++) {
    const of = { dataset: "prices", source: "bench", key: `S${at}` };
    await acquireLease(objects, claimKey(of, 1), "bench/0", 60_000);
    const receipt = { ...of, from: "2000-01-01", to: "2024-12-31", runId: "bench", files: [] };
    await putReceiptAt(
      objects,
      { ...receipt, state: "done", reason: "", message: "", capture: null, basis: "", about: {} },
      1,
    );
  }
  const each = (performance.now() - started) / tries / 1000;
  add(
    "ledger and claims in it",
    `${((100 * each * units) / actuals.vcpuSeconds).toFixed(1)} % (${(1000 * each).toFixed(2)} ms a unit)`,
    "under 5 %",
  );

  const planned = await runTimed(home("run"), "plan", ...flags);
  add(
    `plan of ${securities} securities x 20 years, all in the ledger`,
    `${planned.seconds.toFixed(2)} s, ${planned.peakMiB.toFixed(0)} MiB; 5 datasets of it ${(5 * planned.seconds).toFixed(1)} s`,
    "5 datasets under 10 s and 500 MB",
  );

  const known = new Map<string, Known>();
  const keys = small ? 5000 : 500_000;
  const told = [
    { state: "done" as const, from: "2005-01-03", to: "2024-12-31", reason: "", basis: "" },
  ];
  for (let at = 0; at < keys; at++) known.set(`K${at}`, { receipts: 1, told });
  const partitions = keys * 20;
  await objects.putIfAbsent("ledger-index/prices/yahoo/000001.native", encodeIndex(known, []));
  const begun = performance.now();
  const index = (await readIndex(objects, "prices", "yahoo"))!;
  const read = performance.now() - begun;
  const asked = await runTimed(home("ledger"), "status", "prices", "--json");
  add(
    `status of ${(partitions / 1e6).toFixed(1)} M partitions`,
    `${asked.seconds.toFixed(2)} s, of which ${(read / 1000).toFixed(2)} s reading ${index.rows} rows`,
    "under 1 s",
  );
} finally {
  vendor.kill();
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
