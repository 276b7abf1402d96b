import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { jobs } from "../../../shared/catalogue.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import type { Loopback } from "../../../shared/simulator/loopback.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { universeCsv } from "../../../shared/simulator/universe.ts";
import type { YahooFault } from "../../../shared/simulator/yahoo/faults.ts";
import { startYahoo } from "../../../shared/simulator/yahoo/server.ts";
import { BatchControlPlane } from "../../support/batch-control-plane.ts";
import { quarry, startQuarry } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";
import { derivedContentsOf } from "../derived.ts";
import { contentsOf } from "./killing.ts";

const cli = fileURLToPath(new URL("../../../jobs/cli.ts", import.meta.url));
const market = simulateMarket({
  seed: 31,
  securities: 60,
  from: parseTradingDay("2023-01-03"),
  to: parseTradingDay("2024-12-31"),
});

describe("a backfill on AWS Batch", () => {
  const folder = useTempFolder();
  let yahoo: Loopback<YahooFault>;
  let plane: BatchControlPlane;
  let environment: Record<string, string>;
  let command: string[];
  let tickers = 0;
  before(async () => {
    yahoo = await startYahoo(market);
    const lines = universeCsv(market).trim().split("\n");
    const universe = new Map(lines.map((line) => [line.split(",")[0]!, line]));
    tickers = universe.size - 1;
    const file = join(folder(), "universe.csv");
    writeFileSync(file, [...universe.values()].join("\n"));
    const days = ["--from", market.sessions[0]!, "--to", market.sessions.at(-1)!];
    command = ["backfill", "prices", "--universe", file, ...days, "--json"];

    const lane = { YAHOO_BASE_URL: yahoo.url, YAHOO_RATE: "25", YAHOO_SLOTS: "2" };
    const objects = join(folder(), "bucket");
    // The coordinator asks for children itself, so containers know where AWS is.
    const container: Record<string, string> = {
      ...lane,
      QUARRY_OBJECTS: objects,
      QUARRY_HOME: join(folder(), "container"),
      QUARRY_POLL_SECONDS: "0.1",
    };
    plane = new BatchControlPlane({
      queues: ["quarry-test-spot", "quarry-test-on-demand", "quarry-test-loader"],
      jobDefinitions: Object.keys(jobs).map((job) => `quarry-test-${job}`),
      entry: [process.execPath, cli],
      environment: container,
      mishaps: { lostReplies: 1, throttled: 1 },
      parameters: {
        "/quarry/test/deployment": JSON.stringify({
          version: 2,
          region: "us-east-1",
          prefix: "quarry-test",
          objects,
        }),
      },
    });
    const endpoint = await plane.start();
    environment = {
      ...lane,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      QUARRY_POLL_SECONDS: "0.1",
    };
    Object.assign(container, environment);
  });
  after(async () => {
    await plane.stop();
    await yahoo.close();
  });

  it("brings what one on this machine brings, through a lost reply and a Spot interruption", async function () {
    this.timeout(180_000);
    const home = join(folder(), "away");
    const away = startQuarry([...command, "--on", "aws-batch", "--env", "test"], {
      home,
      environment,
    });
    while (yahoo.requests.length < 10) await sleep(20);
    assert.ok(plane.interrupt());
    const { code, stderr, stdout } = await away.outcome;
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as { fetched: number }).fetched, tickers);
    assert.ok(yahoo.requests.length - tickers <= 1, `${yahoo.requests.length} requests`);
    assert.equal(plane.submissions.length, 1);
    assert.deepEqual(plane.submissions[0]!.container.command[0], "work");

    const here = join(folder(), "here");
    const local = await quarry(command, {
      home: here,
      environment: { ...environment, YAHOO_RATE: "500" },
    });
    assert.equal(local.code, 0, local.stderr);
    const [a, b] = [
      await contentsOf(join(home, "warehouse")),
      await contentsOf(join(here, "warehouse")),
    ];
    assert.deepEqual(a, b);
  });

  it("makes factor values and evaluations there of what it exported, as one process makes them here", async function () {
    this.timeout(180_000);
    const factors = ["rev_5", "lowvol_20", "beta_252"];
    const days = ["--from", market.sessions[260]!, "--to", market.sessions.at(-1)!];
    const there = ["--on", "aws-batch", "--env", "test"];
    const ran = async (home: string, ...args: string[]): Promise<void> => {
      const { code, stderr } = await quarry(args, { home: join(folder(), home), environment });
      assert.equal(code, 0, stderr);
    };
    const submitted = plane.submissions.length;
    const some = ["--factors", factors.join(",")];
    await ran("away", "backfill", "factor_values", ...some, ...days, ...there);
    await ran("away", "backfill", "evaluations", ...some, ...there);
    assert.deepEqual(
      plane.submissions
        .slice(submitted)
        .map(({ shareIdentifier, jobDefinition }) => [shareIdentifier, jobDefinition]),
      [
        ["factorvalues", "quarry-test-compute-factors"],
        ["evaluations", "quarry-test-evaluate-factors"],
      ],
    );
    await ran("here", "compute", ...some, ...days);
    await ran("here", "evaluate", ...factors);
    const derived = (home: string) => derivedContentsOf(join(folder(), home, "warehouse"));
    const here = await derived("here");
    assert.ok(here.values.rows > 10_000, `${here.values.rows} values`);
    assert.deepEqual(
      [here.values.factors, here.evaluations.length],
      [factors.length, factors.length],
    );
    assert.deepEqual(await derived("away"), here);
  });

  it("is left to a coordinator of its own there, and goes on without us", async function () {
    this.timeout(180_000);
    const home = join(folder(), "laptop");
    const submitted = plane.submissions.length;
    const { code, stderr, stdout } = await quarry(
      [...command, "--on", "aws-batch", "--env", "test", "--detach"],
      { home, environment },
    );
    assert.equal(code, 0, stderr);
    const { run_id: id } = JSON.parse(stdout) as { run_id: string };
    const watched = await quarry(["watch", id, "--json"], {
      home,
      environment: { ...environment, QUARRY_OBJECTS: join(folder(), "bucket") },
    });
    assert.equal(watched.code, 0, watched.stderr);
    const status = JSON.parse(watched.stdout) as { state: string; units: number };
    // All of it was bought before, so there is a coordinator and not one child.
    assert.deepEqual([status.state, plane.submissions.length - submitted], ["done", 1]);
    assert.equal(plane.submissions.at(-1)!.jobQueue, "quarry-test-loader");
    // A run is done when its units are; its coordinator loads them then.
    await plane.settled();
    assert.deepEqual(
      await contentsOf(join(folder(), "container", "warehouse")),
      await contentsOf(join(folder(), "here", "warehouse")),
    );
  });

  it("is healthy in the doctor's eyes, with Batch looked at", async () => {
    const { code, stdout, stderr } = await quarry(["doctor", "--env", "test", "--json"], {
      home: join(folder(), "away"),
      environment: { ...environment, QUARRY_OBJECTS: join(folder(), "bucket") },
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), []);
  });

  it("says that an environment was never deployed", async () => {
    const { code, stderr } = await quarry([...command, "--on", "aws-batch", "--env", "prod"], {
      home: join(folder(), "none"),
      environment,
    });
    assert.equal(code, 2);
    assert.match(stderr, /^quarry: Environment "prod" was never deployed .*pulumi up.*\n$/);
  });

  it("says that credentials are missing", async () => {
    const without = Object.fromEntries(
      Object.entries(environment).filter(([name]) => !/KEY/.test(name)),
    );
    const { code, stderr } = await quarry([...command, "--on", "aws-batch", "--env", "test"], {
      home: join(folder(), "none"),
      environment: {
        ...without,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: join(folder(), "none"),
        AWS_SHARED_CREDENTIALS_FILE: join(folder(), "none"),
      },
    });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /credentials are missing or expired; log in/);
  });
});
