import assert from "node:assert/strict";
import { join } from "node:path";
import { run as compute } from "../../jobs/compute-factors/job.ts";
import { run as publish } from "../../jobs/publish/job.ts";
import { loadLibrary, pickFactors } from "../../shared/factors/load-library.ts";
import { LakeReader } from "../../shared/lake/lake-reader.ts";
import { forClickHouse, forDuckDb, queryBook, valuesOf } from "../../shared/lake/query-book.ts";
import { publishedNames } from "../../shared/lake/tables.ts";
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
    await warehouse().command(
      `INSERT INTO evaluations SELECT concat('e', toString(number)), if(number < 2, 'rev_5', 'lowvol_20'), '1', '{}', '{}', 'r', toDateTime('2021-04-01 12:00:00', 'UTC') + number
       FROM numbers(3)`,
    );
    // A price that was told differently later, and a value that was.
    await warehouse().command(
      "INSERT INTO bars SELECT source, security_id, day, known_at + 86400, 1, open, high, low, close * 2, volume, capture, run_id, ingested_at FROM bars ORDER BY day, security_id LIMIT 1",
    );
    await publish(
      { to: lake(), datasets: publishedNames, asOf: undefined, dryRun: false, keepDays: 30 },
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
    const unknown = await ask("top-ten");
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Expected SQL, or one of the questions .* got "top-ten"/);
  });
});
