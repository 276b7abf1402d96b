import assert from "node:assert/strict";
import { join } from "node:path";
import { run as compute } from "../../jobs/compute-factors/job.ts";
import { run as publish } from "../../jobs/publish/job.ts";
import { loadLibrary, pickFactors } from "../../shared/factors/load-library.ts";
import { LakeReader } from "../../shared/lake/lake-reader.ts";
import { forClickHouse, forDuckDb, queryBook, valuesOf } from "../../shared/lake/query-book.ts";
import { datasetNames } from "../../shared/lake/tables.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { simulateMarket } from "../../shared/simulator/market.ts";
import { jobDeps, noSignal } from "../support/job-deps.ts";
import { quarry } from "../support/quarry.ts";
import { afterMarket, useSimulatedWarehouse } from "../support/simulated-warehouse.ts";
import { useTempFolder } from "../support/temp-folder.ts";

const market = simulateMarket({
  seed: 12,
  securities: 30,
  from: parseTradingDay("2018-01-02"),
  to: parseTradingDay("2020-12-31"),
});
const nowMs = afterMarket(market);
const book = await queryBook();

describe("the query book", () => {
  const warehouse = useSimulatedWarehouse(market, { reports: true });
  const folder = useTempFolder();
  const lake = (): string => join(folder(), "lake");
  let securities = "";
  let issuer = "";

  before(async () => {
    const factors = pickFactors(await loadLibrary(), ["rev_5", "lowvol_20"]);
    const days = { from: market.sessions[40]!, to: market.sessions.at(-1)! };
    const deps = jobDeps(warehouse(), nowMs);
    await compute({ factors, ...days }, deps, noSignal);
    const result = (ic: number) => ({
      delay: 1,
      horizons: [1, 5, 21],
      ic: Object.fromEntries([1, 5, 21].map((h) => [h, { mean: ic / h, days: 200 }])),
      fdr: {
        p_adjusted: { "1": 0.04, "5": 0.01, "21": null },
        rejected: { "1": true, "5": true, "21": false },
      },
    });
    for (const [at, factor] of ["rev_5", "rev_5", "lowvol_20"].entries()) {
      await warehouse().command(
        `INSERT INTO evaluations SELECT {id:String}, {factor:String}, '1', '{}', {result:String}, 'r', toDateTime('2021-04-01 12:00:00', 'UTC') + {at:UInt32}`,
        { id: `e${at}`, factor, at, result: JSON.stringify(result(0.1 / (at + 3))) },
      );
    }
    // An older version of a factor stays in the table, and no question counts it.
    await warehouse().command(
      "INSERT INTO factor_values SELECT factor, 0, security_id, day, value + 100, run_id, ingested_at FROM factor_values WHERE factor = 'rev_5'",
    );
    await warehouse().command(
      `INSERT INTO exposures SELECT 'all', factor, version, security_id, day, value / 3, 'r', now() FROM factor_values WHERE version > 0`,
    );
    await warehouse().command(
      `INSERT INTO runs SELECT concat('run', toString(number)), 'score news', '{}', 'c', 'done', '', toDateTime64('2021-04-01 12:00:00', 3, 'UTC') + number,
         toDateTime64('2021-04-01 12:00:09', 3, 'UTC'), now64(3) FROM numbers(3)`,
    );
    await warehouse().command(
      `INSERT INTO scores SELECT toString(number), 'sentiment', concat('a', toString(number)), 'd', 's', 'p', 'bedrock', if(number % 3 = 0, 'small', 'large'),
         if(number = 5, 'refused', 'scored'), '', if(number = 5, NULL, number / 10), 100 + number, 7, 0.01 * number, 1,
         toDateTime('2020-12-31 12:00:00', 'UTC'), now(), concat('run', toString(number % 2)), now() FROM numbers(10)`,
    );
    // A price that was told differently later, and a value that was.
    await warehouse().command(
      "INSERT INTO bars SELECT source, security_id, day, known_at + 86400, 1, open, high, low, close * 2, volume, capture, run_id, ingested_at FROM bars ORDER BY day, security_id LIMIT 1",
    );
    await publish(
      { to: lake(), datasets: datasetNames, asOf: undefined, dryRun: false, keepDays: 30 },
      deps,
      noSignal,
    );
    const ids = await warehouse().rows<{ id: string }>(
      "SELECT DISTINCT security_id AS id FROM factor_values ORDER BY id LIMIT 3",
    );
    securities = ids.map(({ id }) => id).join(",");
    const [one] = await warehouse().rows<{ id: string }>("SELECT min(issuer_id) AS id FROM facts");
    issuer = one!.id;
  });

  const given = (): Record<string, string> => ({
    factor: "rev_5",
    second: "lowvol_20",
    day: market.sessions.at(-20)!,
    securities,
    issuer,
    concept: "Assets",
    universe: "all",
  });

  for (const question of book) {
    it(`answers the same on ClickHouse and on DuckDB over the lake: ${question.question}`, async () => {
      const all = given();
      const values = valuesOf(
        question,
        Object.fromEntries(question.parameters.map(({ name }) => [name, all[name]!])),
      );
      const ours = await warehouse().rows<Record<string, unknown>>(forClickHouse(question), values);
      await using reader = await LakeReader.open(lake());
      for (const table of question.tables) await reader.attach(table);
      const theirs = await reader.rows(forDuckDb(question), values);
      assert.deepEqual(theirs, ours);
      const mayBeEmpty = ["traded-without-value", "in-both-tops", "who-restated"];
      assert.ok(ours.length > 0 || mayBeEmpty.includes(question.name), "no rows to compare");
    });
  }

  it("has twenty questions", () => {
    assert.equal(book.length, 20);
  });

  it("answers what was asked: the last run that bought, the newest evaluation, the newest version", async () => {
    await using reader = await LakeReader.open(lake());
    for (const table of datasetNames) await reader.attach(table);
    const ask = (name: string, values: Record<string, string>) =>
      reader.rows(forDuckDb(book.find((one) => one.name === name)!), values);
    // Runs 0 and 1 bought, run 2 did not: texts 1, 3, 5, 7, 9 are of run 1.
    assert.deepEqual(
      (await ask("cost-of-last-run", {})).map((row) => [
        row["run_id"],
        row["model"],
        row["texts"],
        row["cost_usd"],
      ]),
      [
        ["run1", "large", 3, 0.13],
        ["run1", "small", 2, 0.12],
      ],
    );
    const decay = await ask("decay-by-horizon", { factor: "rev_5" });
    assert.deepEqual(
      decay.map((row) => [row["horizon"], row["ic_mean"], row["passed"]]),
      [
        [1, 0.025, true],
        [5, 0.005, true],
        [21, 0.025 / 21, false],
      ],
    );
    assert.deepEqual(
      (await ask("factors-that-passed", {})).map((row) => [row["factor"], row["horizon"]]),
      [
        ["lowvol_20", 5],
        ["rev_5", 5],
      ],
    );
    const top = await ask("top-decile", { factor: "rev_5", day: given()["day"]! });
    assert.ok(top.length > 0 && top.every(({ value }) => (value as number) < 50));
  });

  it("says which parameters a question has", () => {
    const top = book.find(({ name }) => name === "top-decile")!;
    assert.throws(() => valuesOf(top, { factor: "x" }), {
      name: "InvalidInput",
      message: "top-decile: expected the parameters factor=STRING day=DATE, got factor.",
    });
    assert.throws(() => valuesOf(top, { factor: "x", day: "today" }), {
      message: /expected day as YYYY-MM-DD, got "today"/,
    });
  });

  it("is asked from the command line, and bound: a text can't change a statement", async () => {
    const home = join(folder(), "nowhere");
    const ask = (...args: string[]) =>
      quarry(["query", ...args, "--on", "lake", "--lake", lake(), "--json"], { home });
    const day = `day=${market.sessions.at(-20)!}`;
    const top = await ask("top-decile", "--param", "factor=rev_5", "--param", day);
    assert.equal(top.code, 0, top.stderr);
    assert.ok((JSON.parse(top.stdout) as unknown[]).length > 0);
    const odd = await ask("top-decile", "--param", "factor=x' OR '1'='1", "--param", day);
    assert.deepEqual(JSON.parse(odd.stdout), []);
    const list = await quarry(["query", "--list"], { home });
    assert.match(list.stdout, /top-decile +Which securities are in the top tenth/);
    const away = await ask("top-decile", "--env", "dev");
    assert.equal(away.code, 2);
    assert.match(away.stderr, /--env dev: expected with --on redshift; the lake of an environment/);
    const unknown = await ask("top-ten");
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Expected SQL, or one of the questions .* got "top-ten"/);
  });
});
