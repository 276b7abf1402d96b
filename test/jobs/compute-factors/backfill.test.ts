import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { backfill } from "../../../jobs/compute-factors/backfill.ts";
import { dataset } from "../../../jobs/compute-factors/dataset.ts";
import { run as compute } from "../../../jobs/compute-factors/job.ts";
import type { Deps } from "../../../jobs/deps.ts";
import { buyHere } from "../../../shared/backfill/buy-here.ts";
import { compactLedger } from "../../../shared/backfill/ledger-index.ts";
import { receiptsOf } from "../../../shared/backfill/receipt.ts";
import { putRun } from "../../../shared/backfill/runs.ts";
import { SourceUnavailable } from "../../../shared/errors.ts";
import { computeFactors } from "../../../shared/factors/compute.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { valueFileStructure } from "../../../shared/factors/value-files.ts";
import { parseTradingDay, type TradingDay } from "../../../shared/market/trading-day.ts";
import { noProgress } from "../../../shared/progress.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { readingOrder } from "../../../shared/warehouse/tables/price-sources.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";
import { passingTables } from "../../support/tables.ts";
import { useTempFolder } from "../../support/temp-folder.ts";

const market = simulateMarket({
  seed: 6,
  securities: 14,
  from: parseTradingDay("2019-01-02"),
  to: parseTradingDay("2020-12-31"),
});
const { sessions } = market;
const from = sessions[260]!;
const to = sessions.at(-1)!;
const library = await loadLibrary();
const names = ["mom_12_1", "rsi_14", "beta_252", "amihud_252", "peg", "market_cap"];

describe("factor values through the ledger", () => {
  const warehouse = useSimulatedWarehouse(market, { reports: true });
  const folder = useTempFolder();

  /** A corrected bar, and a split that came to light late: the past has vintages. */
  before(async () => {
    const late = "toDateTime('2020-08-03 22:00:00', 'UTC')";
    await warehouse().command(
      `INSERT INTO bars SELECT source, security_id, day, ${late}, 1, open, high, low, close * 1.03, volume, capture, run_id, ingested_at
       FROM bars WHERE security_id = 'S000003' AND day = '2020-05-04'`,
    );
    await warehouse().command(
      `INSERT INTO corporate_actions SELECT source, security_id, toDate('2020-06-15'), 'split', ${late}, 2, '', '', now()
       FROM bars WHERE security_id = 'S000005' LIMIT 1`,
    );
    const [added] = await warehouse().rows<{ bars: number; splits: number }>(
      `SELECT countIf(revision = 1) AS bars, (SELECT count() FROM corporate_actions WHERE ex_date = '2020-06-15' AND kind = 'split') AS splits FROM bars`,
    );
    assert.deepEqual(added, { bars: 1, splits: 1 });
  });

  const fingerprint = async (table: string): Promise<{ rows: number; hash: string }> => {
    const rows = await warehouse().rows<{ rows: number; hash: string }>(
      `SELECT count() AS rows, hex(SHA256(arrayStringConcat(groupArray(line), '\n'))) AS hash FROM (
         SELECT concat(factor, ' ', security_id, ' ', toString(day), ' ', hex(reinterpretAsUInt64(value))) AS line
         FROM ${table} ORDER BY factor, security_id, day)`,
    );
    return rows[0]!;
  };

  const deps = (): Deps => jobDeps(warehouse(), afterMarket(market));

  /** Makes them in this process, as a child would; how many units were bought. */
  const made = async (factors: readonly string[], first: TradingDay, last: TradingDay) => {
    const base = deps();
    let bought = 0;
    const args = { factors, from: first, to: last };
    const report = await backfill.run(
      args,
      {
        ...base,
        async buy(plan, stop) {
          bought = plan.units.length;
          await putRun(base.objects, {
            runId: base.runId,
            dataset: "factor_values",
            source: plan.source,
            parameters: backfill.parametersOf(args),
            codeVersion: "test",
            createdAt: "2021-01-01T00:00:00Z",
            executor: "local",
            children: 1,
            slotsEach: 1,
            estimate: {},
            units: plan.units.map((unit) => ({ key: unit.factor, ...unit })),
          });
          const of = { runId: base.runId, source: plan.source, parameters: {} };
          const open = await dataset.open(of, base, base.runId);
          return buyHere(plan.units, open, base, stop);
        },
      },
      noSignal,
    );
    await compactLedger(base.objects, "factor_values", "library", new Set([base.runId]));
    return { report, bought };
  };

  const stored = "(SELECT * FROM factor_values FINAL)";

  it("have the bits of those computed from the warehouse, vintages and the market's return included", async () => {
    const { report, bought } = await made(names, from, to);
    assert.equal(bought, names.length);
    assert.deepEqual([report.failed, report.missing, report.loaded], [[], [], names]);
    const path = join(folder(), "straight");
    await mkdir(path);
    await computeFactors(
      warehouse(),
      {
        factors: pickFactors(library, names),
        from,
        to,
        sources: await readingOrder(warehouse(), undefined),
        folder: path,
      },
      (total) => noProgress.start("", total),
      noSignal,
    );
    const straight = await fingerprint(
      `(SELECT splitByChar('.', _file)[1] AS factor, * FROM file('${path}/*', Native, '${valueFileStructure}'))`,
    );
    assert.ok(straight.rows > 5000);
    assert.deepEqual(await fingerprint(stored), straight);
    assert.equal(report.values, straight.rows);
    assert.deepEqual(await passingTables(warehouse()), []);
  });

  it("are held the second time, by quarry compute too, and what that made is held by the ledger", async () => {
    const again = await made(names, from, to);
    assert.deepEqual([again.bought, again.report.held, again.report.loaded], [0, names.length, []]);
    const factors = pickFactors(library, [...names, "lowvol_20"]);
    const computed = await compute({ factors, from, to }, deps(), noSignal);
    assert.deepEqual([computed.computed, computed.held.length], [["lowvol_20"], names.length]);
    assert.equal((await made(["lowvol_20"], from, to)).bought, 0);
    assert.equal((await made(names, sessions[300]!, sessions[400]!)).bought, 0, "some of the days");
  });

  it("come from the ledger again when the table lost them, and nothing is computed for it", async () => {
    const whole = await fingerprint(stored);
    await warehouse().command("TRUNCATE TABLE factor_values");
    await warehouse().command(
      "ALTER TABLE loads DELETE WHERE dataset = 'factor_values' SETTINGS mutations_sync = 2",
    );
    const { bought, report } = await made(names, from, to);
    assert.equal(bought, 0);
    assert.deepEqual(report.loaded, names);
    await compute({ factors: pickFactors(library, ["lowvol_20"]), from, to }, deps(), noSignal);
    assert.deepEqual(await fingerprint(stored), whole);
  });

  it("of a factor are no failure of it where the store does not answer: the unit stays missing", async () => {
    const base = deps();
    const plan = await backfill.plan(
      { factors: names, from, to },
      { ...base, nowMs: base.now(), warehouse: () => Promise.resolve(warehouse()) },
    );
    const objects = {
      ...base.objects,
      get: (key: string) =>
        key.startsWith("columns/")
          ? Promise.reject(new SourceUnavailable("S3 does not answer"))
          : base.objects.get(key),
    };
    const open = await dataset.open(
      { runId: "x", source: "library", parameters: {} },
      { ...base, objects },
      "x",
    );
    await assert.rejects(open.work.buy(plan.all[0]!, noSignal), SourceUnavailable);
  });

  it("are stale once there are other prices, and are made anew", async () => {
    await warehouse().command(
      `INSERT INTO bars SELECT source, security_id, day, known_at, 2, open, high, low, close * 1.01, volume, capture, run_id, ingested_at
       FROM bars WHERE security_id = 'S000003' AND day = '2020-05-04' AND revision = 1`,
    );
    const base = deps();
    const plan = await backfill.plan(
      { factors: names, from, to },
      { ...base, nowMs: base.now(), warehouse: () => Promise.resolve(warehouse()) },
    );
    const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4)) + 1;
    assert.deepEqual(plan.partitions, {
      missing: 0,
      failed: 0,
      stale: names.length * years,
      done: 0,
    });
    const { bought, report } = await made(names, from, to);
    assert.deepEqual([bought, report.loaded], [names.length, names]);
    const receipts = await receiptsOf(base.objects, "factor_values", "library", "mom_12_1");
    assert.deepEqual(
      receipts.map(({ state }) => state),
      ["done", "done"],
    );
    assert.notEqual(receipts[0]!.basis, receipts[1]!.basis);
  });
});
