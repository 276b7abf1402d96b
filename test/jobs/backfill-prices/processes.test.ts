import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { acquireLease, holderOf } from "../../../shared/backfill/lease.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { fileStore } from "../../../shared/objects/file-store.ts";
import type { Loopback } from "../../../shared/simulator/loopback.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { universeCsv } from "../../../shared/simulator/universe.ts";
import type { YahooFault } from "../../../shared/simulator/yahoo/faults.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import { uniform } from "../../factors/support/made-inputs.ts";
import { quarry, startQuarry, type Outcome } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { backfillUnderKills, contentsOf } from "./killing.ts";

/** Two years of sixty listings: work for as many processes as there are cores. */
const market = simulateMarket({
  seed: 31,
  securities: 60,
  from: parseTradingDay("2023-01-03"),
  to: parseTradingDay("2024-12-31"),
});
const tickers = new Set(market.listings.map(({ ticker }) => ticker));
const days = ["--from", market.sessions[0]!, "--to", market.sessions.at(-1)!];

describe("a backfill in processes of its own", () => {
  const folder = useTempFolder();
  let yahoo: Loopback<YahooFault>;
  let universe = "";
  before(async () => {
    yahoo = await startYahoo(market);
    universe = join(folder(), "universe.csv");
    // Each ticker once: the companies that Yahoo forgot are no matter here.
    const last = new Map(
      universeCsv(market)
        .trim()
        .split("\n")
        .map((line) => [line.split(",")[0]!, line]),
    );
    writeFileSync(universe, [...last.values()].join("\n"));
  });
  after(() => yahoo.close());

  const options = (home: string, rate = 400) => ({
    home: join(folder(), home),
    environment: {
      YAHOO_BASE_URL: yahoo.url,
      YAHOO_RATE: String(rate),
      YAHOO_SLOTS: "2",
      QUARRY_LOG: "error",
    },
  });
  const run = (home: string, ...args: string[]): Promise<Outcome> => quarry(args, options(home));
  const backfill = ["backfill", "prices", "--universe"];

  const contents = (home: string): Promise<unknown> =>
    contentsOf(join(folder(), home, "warehouse"));

  it("asks for each ticker once, and writes the run down", async () => {
    const before = yahoo.requests.length;
    const { code, stderr, stdout } = await run("whole", ...backfill, universe, ...days, "--json");
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as { fetched: number }).fetched, tickers.size);
    assert.equal(yahoo.requests.length - before, tickers.size);
    const status = JSON.parse((await run("whole", "status", "--json")).stdout) as {
      state: string;
      done: number;
      units: number;
      actuals: { requests: number; vcpuSeconds: number };
      estimate: { children: number };
    };
    assert.deepEqual(
      [status.state, status.done, status.units, status.actuals.requests, status.estimate.children],
      ["done", tickers.size, tickers.size, tickers.size, 2],
    );
    assert.ok(status.actuals.vcpuSeconds > 0);
  });

  it("costs nothing the second time, as the plan says", async () => {
    const before = yahoo.requests.length;
    const flags = ["--universe", universe, ...days];
    const plan = JSON.parse((await run("whole", "plan", "prices", ...flags, "--json")).stdout) as {
      partitions: Record<string, number>;
      units: { wanted: number; done: number };
    };
    assert.deepEqual(plan.units, { all: tickers.size, done: tickers.size, wanted: 0 });
    assert.deepEqual([plan.partitions["missing"], plan.partitions["stale"]], [0, 0]);
    const first = await contents("whole");
    assert.equal((await run("whole", ...backfill, universe, ...days)).code, 0);
    assert.equal(yahoo.requests.length, before);
    assert.deepEqual(await contents("whole"), first);
  });

  it("is the same after SIGKILLs of children and of the coordinator, at most one request a kill dearer", async function () {
    this.timeout(180_000);
    if (!existsSync("/proc/self/environ")) this.skip();
    const before = yahoo.requests.length;
    // Slow enough that kills come while there is work.
    const command = [...backfill, universe, ...days, "--json"];
    const { kills, coordinators, code, stderr } = await backfillUnderKills(
      command,
      options("killed", 25),
      5,
      uniform(20_261_126),
    );
    assert.equal(code, 0, stderr);
    assert.ok(kills >= 3 && coordinators >= 1, `${kills} kills, ${coordinators} of coordinators`);
    const extra = yahoo.requests.length - before - tickers.size;
    // A coordinator's death is the death of its two children.
    assert.ok(extra <= kills + coordinators, `${extra} requests more for ${kills} kills`);
    assert.deepEqual(await contents("killed"), await contents("whole"));
  });

  it("stops when it is cancelled, and is gone on with by retry", async () => {
    // So slow that it is still under way after three more commands, on a slow machine too.
    const slow = options("cancelled", 1.5);
    const running = startQuarry([...backfill, universe, ...days], slow);
    let id = "";
    while (id === "") {
      await sleep(100);
      const { stdout } = await quarry(["runs", "--json"], slow);
      const runs = JSON.parse(stdout) as { run_id: string; done: number }[];
      if ((runs[0]?.done ?? 0) > 0) id = runs[0]!.run_id;
    }
    const second = await quarry(["retry", id], slow);
    assert.equal(second.code, 75, second.stderr);
    assert.match(second.stderr, /in use by|under way/);
    assert.equal((await quarry(["cancel", id], slow)).code, 0);
    const { code } = await running.outcome;
    assert.equal(code, 75);
    const status = JSON.parse((await quarry(["status", id, "--json"], slow)).stdout) as {
      state: string;
    };
    assert.equal(status.state, "cancelled");
    const retried = await quarry(["retry", id], options("cancelled"));
    assert.equal(retried.code, 0, retried.stderr);
    assert.deepEqual(await contents("cancelled"), await contents("whole"));
  });

  it("asks for nothing twice where two runs want the same at once", async () => {
    const before = yahoo.requests.length;
    // Two warehouses over one object store, as two machines have them.
    const shared = (home: string, rate: number) => {
      const { environment, ...rest } = options(home, rate);
      return {
        ...rest,
        environment: { ...environment, QUARRY_OBJECTS: join(folder(), "shared") },
      };
    };
    const command = [...backfill, universe, ...days];
    const both = await Promise.all(["one", "two"].map((home) => quarry(command, shared(home, 60))));
    // Whoever found a unit or the lane in the other's hands says so with 75, and goes on later.
    for (const { code, stderr } of both) assert.ok(code === 0 || code === 75, stderr);
    for (const home of ["one", "two"]) {
      const again = await quarry(command, shared(home, 400));
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(await contents(home), await contents("whole"));
    }
    assert.equal(yahoo.requests.length - before, tickers.size);
  });

  it("is not done before the tables hold what was bought", async () => {
    const waiting = options("waiting");
    const status = async () =>
      JSON.parse((await quarry(["status", "--json"], waiting)).stdout || "{}") as {
        state?: string;
        done?: number;
        coordinator?: { holder: string } | null;
      };
    // Another loader is at it.
    const store = fileStore(join(waiting.home, "objects"));
    const other = await acquireLease(store, "leases/loader.json", "loader/another", 60_000);
    const running = startQuarry([...backfill, universe, ...days], waiting);
    let seen = await status();
    while (seen.coordinator?.holder.startsWith("load/") !== true) {
      await sleep(100);
      seen = await status();
      assert.notEqual(seen.state, "done");
    }
    assert.deepEqual([seen.state, seen.done], ["running", tickers.size]);
    await other!.release();
    const { code, stderr } = await running.outcome;
    assert.equal(code, 0, stderr);
    assert.equal((await status()).state, "done");
    assert.deepEqual(await contents("waiting"), await contents("whole"));
  });

  it("that died before its load asks for nothing more: retry loads", async () => {
    const dying = options("dying");
    const status = async (): Promise<{ run_id: string; state: string; done: number }> =>
      JSON.parse((await quarry(["status", "--json"], dying)).stdout || "{}") as never;
    const store = fileStore(join(dying.home, "objects"));
    const other = await acquireLease(store, "leases/loader.json", "loader/another", 60_000);
    const running = startQuarry([...backfill, universe, ...days], dying);
    while (
      (
        await holderOf(store, `runs/${(await status()).run_id}/coordinator.json`)
      )?.holder.startsWith("load/") !== true
    )
      await sleep(100);
    const before = yahoo.requests.length;
    running.child.kill("SIGKILL");
    await running.outcome;
    const { run_id: id, state, done } = await status();
    assert.deepEqual([state, done], ["dead", tickers.size]);
    await other!.release();
    const retried = await quarry(["retry", id], dying);
    assert.equal(retried.code, 0, retried.stderr);
    assert.equal(yahoo.requests.length, before);
    assert.deepEqual(await contents("dying"), await contents("whole"));
  });

  it("says in one sentence what is wrong with a run", async () => {
    const none = await run("whole", "status", "r1");
    assert.equal(none.code, 2);
    assert.match(none.stderr, /^quarry: Expected the id of a run in .* got "r1"\.\n$/);
    const folderOfRuns = join(folder(), "whole", "objects", "runs");
    const id = readdirSync(folderOfRuns)[0]!;
    const file = join(folderOfRuns, id, "run.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"version":1', '"version":9'));
    const newer = await run("whole", "status", id);
    writeFileSync(file, text);
    assert.equal(newer.code, 2);
    assert.match(newer.stderr, /written by a newer version of Quarry \(format 9/);
  });
});
