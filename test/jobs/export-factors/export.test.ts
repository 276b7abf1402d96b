import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { run as compute } from "../../../jobs/compute-factors/job.ts";
import { exportFiles } from "../../../jobs/export-factors/dictionary.ts";
import { run, type ExportArgs, type ExportReport } from "../../../jobs/export-factors/job.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { sessionCloseMs } from "../../../shared/market/calendar.ts";
import { comparable } from "../../../shared/market/universe.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { addMembershipChanges } from "../../../shared/warehouse/tables/memberships.ts";
import { tickerSpans } from "../../../shared/warehouse/tables/securities.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { quarry } from "../../support/quarry.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const market = simulateMarket({
  seed: 21,
  securities: 40,
  from: parseTradingDay("2019-01-02"),
  to: parseTradingDay("2020-12-31"),
});
const nowMs = afterMarket(market);
const asOf = market.sessions.at(-60)!;

describe("quarry export factors", () => {
  const warehouse = useSimulatedWarehouse(market);
  const folder = useTempFolder();
  const to = (name: string): string => join(folder(), name);
  let listed: string[] = [];

  const exported = (name: string, args: Partial<ExportArgs> = {}): Promise<ExportReport> =>
    run(
      {
        factors: undefined,
        asOf,
        sessions: 120,
        lag: undefined,
        universe: undefined,
        figi: undefined,
        format: "parquet",
        to: to(name),
        ...args,
      },
      jobDeps(warehouse(), nowMs),
      noSignal,
    );

  /** Rows of a file of an export. */
  const read = async (name: string, sql: string): Promise<Record<string, unknown>[]> => {
    const duck = await (await DuckDBInstance.create(":memory:")).connect();
    const text = sql.replaceAll(
      /\{(\w+)\.(\w+)\}/g,
      (_, file: string, ending: string) => `'${join(to(name), `${file}.${ending}`)}'`,
    );
    return (await duck.runAndReadAll(text)).getRowObjectsJson();
  };

  before(async () => {
    const factors = pickFactors(await loadLibrary(), ["rev_5", "lowvol_20", "mom_6_1"]);
    const days = { from: market.sessions[130]!, to: market.sessions.at(-1)! };
    await compute({ factors, ...days }, jobDeps(warehouse(), nowMs), noSignal);
    const spans = await tickerSpans(warehouse());
    listed = [...new Set(spans.map(({ ticker }) => comparable(ticker)))].sort().slice(0, 25);
    const change = (ticker: string, day: string, memberOf: string) => ({
      ticker,
      day: parseTradingDay(day),
      memberOf,
      knownAtMs: Date.parse(`${day}T12:00:00Z`),
    });
    const origin = { capture: "c", runId: "r", nowMs };
    const lists = warehouse();
    await addMembershipChanges(
      lists,
      "few",
      listed.map((ticker) => change(ticker, "2019-01-02", "few")),
      origin,
    );
    await addMembershipChanges(
      lists,
      "figi",
      [
        change(listed[0]!, "2019-01-02", "BBG000000001"),
        // Told after the day of the export.
        change(listed[1]!, market.sessions.at(-5)!, "BBG000000002"),
      ],
      origin,
    );
  });

  it("writes what a portfolio system takes, with every column in the dictionary", async () => {
    const told = await exported("whole");
    assert.equal(told.as_of, asOf);
    assert.deepEqual(
      told.factors.map(({ factor }) => factor),
      ["lowvol_20", "mom_6_1", "rev_5"],
    );
    assert.equal(told.model.sessions, 120);
    assert.equal(told.model.to, asOf);
    for (const [file, columns] of Object.entries(exportFiles)) {
      const described = await read("whole", `DESCRIBE SELECT * FROM {${file}.parquet}`);
      assert.deepEqual(
        described.map((row) => row["column_name"]),
        columns.map(({ name }) => name),
      );
    }
    const [days] = await read(
      "whole",
      "SELECT min(day)::VARCHAR AS first, max(day)::VARCHAR AS last, count(DISTINCT day)::INT AS n FROM {exposures.parquet}",
    );
    assert.deepEqual(days, {
      first: market.sessions.at(-180),
      last: asOf,
      n: 121,
    });
    // Each day's exposures have mean 0 and deviation 1, by another engine.
    const [odd] = await read(
      "whole",
      `SELECT count(*)::INT AS n FROM (SELECT day, factor, avg(exposure) AS m, stddev_samp(exposure) AS s
       FROM {exposures.parquet} GROUP BY day, factor) WHERE abs(m) > 1e-9 OR abs(s - 1) > 1e-9`,
    );
    assert.deepEqual(odd, { n: 0 });
    const keys = await read(
      "whole",
      "SELECT count(*)::INT AS n, count(ticker)::INT AS tickers, max(length(figi))::INT AS figi, count(figi)::INT AS figis FROM {universe.parquet}",
    );
    assert.equal(keys[0]!["n"], told.names);
    assert.equal(keys[0]!["tickers"], told.names);
    assert.ok((keys[0]!["figis"] as number) <= 1);
  });

  it("joins by the ticker of the day and the FIGI that was known then", async () => {
    const rows = await read(
      "whole",
      `SELECT DISTINCT ticker, figi FROM {exposures.parquet} WHERE figi IS NOT NULL OR ticker = '${listed[1]!}' ORDER BY ticker`,
    );
    assert.deepEqual(
      rows.filter(({ ticker }) => ticker === listed[0]),
      [{ ticker: listed[0], figi: "BBG000000001" }],
    );
    assert.ok(rows.every(({ figi }) => figi !== "BBG000000002"));
  });

  it("gives a covariance that is one: symmetric, its correlations within one, no portfolio with a negative variance", async () => {
    const rows = await read(
      "whole",
      "SELECT factor, other, covariance, correlation FROM {factor_covariance.parquet}",
    );
    const names = [...new Set(rows.map(({ factor }) => String(factor)))];
    assert.deepEqual(names, ["market", "lowvol_20", "mom_6_1", "rev_5"]);
    const at = new Map(
      rows.map((row) => [`${String(row["factor"])} ${String(row["other"])}`, row]),
    );
    const value = (a: string, b: string): number => at.get(`${a} ${b}`)!["covariance"] as number;
    for (const a of names) {
      for (const b of names) {
        assert.equal(value(a, b), value(b, a));
        const correlation = at.get(`${a} ${b}`)!["correlation"] as number;
        assert.ok(Math.abs(correlation) <= 1 + 1e-12 && (a !== b || correlation === 1));
      }
    }
    for (let mask = 0; mask < 16; mask++) {
      const x = names.map((_, k) => ((mask >> k) & 1 ? 1 : -1));
      let variance = 0;
      for (const [i, a] of names.entries())
        for (const [j, b] of names.entries()) variance += x[i]! * x[j]! * value(a, b);
      assert.ok(variance > 0);
    }
  });

  it("knows nothing early: what became known after the day changes no byte, what was known on it does", async () => {
    const hashes = (name: string): string[] =>
      readdirSync(to(name))
        .filter((file) => file.endsWith(".parquet"))
        .map((file) => readFileSync(join(to(name), file)).toString("base64"));
    await exported("again");
    assert.deepEqual(hashes("again"), hashes("whole"));
    const revise = (knownMs: number, factor: number): Promise<void> =>
      warehouse().command(
        `INSERT INTO bars SELECT source, security_id, day, toDateTime(${knownMs / 1000}, 'UTC'), ${factor}, open, high, low, close * ${factor}, volume, capture, run_id, ingested_at
         FROM bars WHERE revision = 0 AND day = {day:Date} ORDER BY security_id LIMIT 5`,
        { day: market.sessions.at(-70)! },
      );
    await revise(sessionCloseMs(asOf) + 1000, 3);
    await exported("later");
    assert.deepEqual(hashes("later"), hashes("whole"));
    await revise(sessionCloseMs(asOf) - 1000, 2);
    await exported("by then");
    assert.notDeepEqual(hashes("by then"), hashes("whole"));
  });

  it("says the same in CSV, and keeps exposures in the warehouse", async () => {
    await exported("text", { format: "csv" });
    const [different] = await read(
      "text",
      `SELECT count(*)::INT AS n FROM ((FROM read_csv({exposures.csv}, types = {'day': 'DATE', 'figi': 'VARCHAR', 'cik': 'VARCHAR', 'version': 'INTEGER'}, nullstr = '')
       EXCEPT FROM '${join(to("whole"), "exposures.parquet")}'))`,
    );
    assert.deepEqual(different, { n: 0 });
    const [held] = await warehouse().rows<{ n: number; s: number }>(
      "SELECT toInt32(count()) AS n, sum(abs(exposure)) AS s FROM exposures FINAL WHERE universe = 'all'",
    );
    const [file] = await read(
      "whole",
      "SELECT count(*)::INT AS n, sum(abs(exposure)) AS s FROM {exposures.parquet}",
    );
    assert.equal(held!.n, file!["n"]);
    assert.ok(Math.abs(held!.s - (file!["s"] as number)) < 1e-6);
  });

  it("takes a universe's names alone, and scores over them", async () => {
    const told = await exported("few", { universe: { file: "few", members: undefined } });
    assert.equal(told.universe, "few");
    const tickers = await read("few", "SELECT DISTINCT ticker FROM {exposures.parquet}");
    assert.ok(tickers.length > 10);
    assert.ok(tickers.every(({ ticker }) => listed.includes(comparable(String(ticker)))));
    const [sets] = await warehouse().rows<{ sets: string[] }>(
      "SELECT arraySort(groupUniqArray(universe)) AS sets FROM exposures",
    );
    assert.deepEqual(sets!.sets, ["all", "few"]);
  });

  it("replaces an earlier export whole, and nothing else", async () => {
    await exported("whole", { sessions: 60 });
    assert.ok(!existsSync(`${to("whole")}.before`) && !existsSync(`${to("whole")}.unfinished`));
    mkdirSync(to("mine"));
    writeFileSync(join(to("mine"), "thesis.txt"), "mine");
    await assert.rejects(exported("mine"), {
      name: "InvalidInput",
      message: /expected a folder to be made, or an earlier export; it holds thesis.txt/,
    });
    // One that fails leaves the earlier one.
    await assert.rejects(exported("whole", { universe: { file: "none", members: undefined } }), {
      name: "InvalidInput",
      message: /a list that the warehouse holds \(few, figi\), got "none"/,
    });
    assert.ok(existsSync(join(to("whole"), "export.json")));
  });

  it("says what is missing", async () => {
    await assert.rejects(exported("x", { asOf: parseTradingDay("2019-02-01") }), {
      name: "InvalidInput",
      message: /holds no values on 2019-02-01: run "quarry compute" to that day first/,
    });
    await assert.rejects(exported("x", { factors: ["rev_5", "mom_12_1"] }), {
      name: "InvalidInput",
      message: /no values of mom_12_1 on .* \(of lowvol_20, mom_6_1, rev_5 it does\)/,
    });
    const two = listed.slice(0, 12).map((ticker) => ({
      ticker,
      start: undefined,
      end: undefined,
      name: undefined,
      group: undefined,
      issuer: undefined,
      delistingReturn: NaN,
    }));
    await assert.rejects(
      exported("x", { universe: { file: "two.csv", members: two.slice(0, 6) } }),
      {
        name: "Failed",
        message: /Factor returns exist on 0 sessions/,
      },
    );
    assert.ok(!existsSync(to("x")));
    const future = await quarry(["export", "factors", "--as-of", "2090-01-02"], {
      home: to("home"),
    });
    assert.equal(future.code, 2);
    assert.match(future.stderr, /--as-of 2090-01-02 is in the future/);
  });
});
