import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadLibrary } from "../../../shared/factors/load-library.ts";
import { quarry, type Outcome } from "../../support/quarry.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

describe("the command line", () => {
  const folder = useTempFolder();
  const run = (
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> => quarry(args, { home: join(folder(), "home"), environment });

  it("lists the factors with formula, reference, sign, look-back and inputs", async () => {
    const { code, stdout } = await run(["factors", "--json"]);
    assert.equal(code, 0);
    const listed = JSON.parse(stdout) as Record<string, unknown>[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      (await loadLibrary()).map(({ name }) => name),
    );
    for (const factor of listed) {
      for (const key of ["formula", "reference", "sign", "lookback", "inputs"]) {
        assert.ok(factor[key] !== undefined, `${String(factor["name"])} has no ${key}`);
      }
    }
  });

  it("answers a query with rows as objects", async () => {
    const { code, stdout } = await run(["query", "SELECT 1 AS one, 'x' AS letter", "--json"]);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), [{ one: 1, letter: "x" }]);
  });

  it("lets a query change nothing", async () => {
    const { code, stderr } = await run(["query", "DROP TABLE bars"]);
    assert.equal(code, 2);
    assert.match(stderr, /^quarry: ClickHouse can't run that: /);
  });

  it("prints every setting and where it came from, secrets as stars", async () => {
    const { stdout } = await run(["config", "--json"], {
      CLICKHOUSE_PASSWORD: "hunter2",
      YAHOO_BASE_URL: "http://127.0.0.1:9",
    });
    assert.doesNotMatch(stdout, /hunter2/);
    const settings = JSON.parse(stdout) as { variable: string; value: string; origin: string }[];
    const of = (name: string) => settings.find(({ variable }) => variable === name)!;
    assert.equal(of("CLICKHOUSE_PASSWORD").value, "********");
    assert.deepEqual(
      [of("YAHOO_BASE_URL").value, of("YAHOO_BASE_URL").origin],
      ["http://127.0.0.1:9", "environment"],
    );
  });

  it("ends with 2 and one sentence where it is used wrongly", async () => {
    const wrong: [string[], RegExp][] = [
      [["import", "prices", "x.csv", "--source", "v"], /--basis/],
      [["compute", "--from", "2020-01-01"], /--to/],
      [["compute", "--from", "2020-02-01", "--to", "2020-01-01"], /after/],
      [["compute", "--from", "yesterday", "--to", "2020-01-01"], /yesterday/],
      [["compute", "--factors", "luck", "--from", "2020-01-01", "--to", "2020-02-01"], /luck/],
      [["backfill", "prices", "--from", "2020-01-01"], /--tickers.*--universe/],
      [["evaluate"], /factors of the warehouse, or --values/],
      [["evaluate", "--values", "x.csv"], /together/],
      [["evaluate", "rev_5", "--horizons", "0"], /horizon/i],
      [["frobnicate"], /frobnicate/],
    ];
    for (const outcome of await Promise.all(wrong.map(([args]) => run(args)))) {
      const at = wrong.findIndex(([, message]) => message.test(outcome.stderr));
      assert.ok(at >= 0, outcome.stderr);
      assert.equal(outcome.code, 2, outcome.stderr);
      assert.equal(outcome.stdout, "");
      assert.doesNotMatch(outcome.stderr, /\n {4}at /);
    }
  });

  it("says so where there is nothing to compute from", async () => {
    const { code, stderr } = await run(["compute", "--from", "2020-01-02", "--to", "2020-02-03"]);
    assert.equal(code, 2);
    assert.match(stderr, /holds no prices: run "quarry backfill prices" or "quarry import prices"/);
  });

  it("judges a signal of one's own from two files, with no warehouse", async () => {
    const days = Array.from({ length: 40 }, (_, at) =>
      new Date(Date.UTC(2024, 0, 1 + at)).toISOString().slice(0, 10),
    );
    const names = ["A", "B", "C", "D", "E", "F"];
    // Asset k grows by k per mille a day, and the signal says so: each day's rank correlation is 1.
    const price = (at: number, k: number): number => 100 * (1 + k / 1000) ** at;
    const prices = join(folder(), "prices.csv");
    const values = join(folder(), "growth.csv");
    writeFileSync(
      prices,
      [
        ["date", ...names].join(","),
        ...days.map((day, at) => [day, ...names.map((_, k) => price(at, k))].join(",")),
      ].join("\n"),
    );
    writeFileSync(
      values,
      [
        "date,asset,factor",
        ...days.flatMap((day) => names.map((name, k) => `${day},${name},${k}`)),
      ].join("\n"),
    );
    const { code, stdout, stderr } = await run([
      ...["evaluate", "--values", values, "--prices", prices, "--horizons", "1,5"],
      ...["--quantiles", "3", "--trials", "7", "--json"],
    ]);
    assert.equal(code, 0, stderr);
    const result = JSON.parse(stdout) as {
      factor: string;
      delay: number;
      days: number;
      rows: number;
      ic: Record<string, { mean: number; t_hac: number | null }>;
      fdr: { trials: number };
      notes: { path: string; reason: string }[];
    };
    assert.deepEqual(
      [result.factor, result.delay, result.days, result.rows, result.fdr.trials],
      ["growth", 0, 35, 210, 7],
    );
    assert.ok(Math.abs(result.ic["5"]!.mean - 1) < 1e-12);
    // No variance, no t: null, and why.
    assert.equal(result.ic["5"]!.t_hac, null);
    assert.ok(result.notes.some(({ path, reason }) => path.includes("t_hac") && reason !== ""));
  });
});
