import assert from "node:assert/strict";
import { run as compute } from "../../../jobs/compute-factors/job.ts";
import type { EvaluateArgs } from "../../../jobs/evaluate-factors/args.ts";
import { backfill } from "../../../jobs/evaluate-factors/backfill.ts";
import { dataset } from "../../../jobs/evaluate-factors/dataset.ts";
import { run as evaluate } from "../../../jobs/evaluate-factors/job.ts";
import { buyHere } from "../../../shared/backfill/buy-here.ts";
import type { EvaluationResult } from "../../../shared/evaluation/result.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { comparable, readUniverse } from "../../../shared/market/universe.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { universeCsv } from "../../../shared/simulator/universe.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";

const market = simulateMarket({
  seed: 9,
  securities: 40,
  from: parseTradingDay("2018-01-02"),
  to: parseTradingDay("2020-12-31"),
  delistingsPerYear: 0.1,
});
const names = ["rev_5", "lowvol_252", "skew_252"];

const plain: EvaluateArgs = {
  horizons: [1, 5],
  quantiles: 5,
  delay: 1,
  groups: undefined,
  universe: undefined,
  minPrice: undefined,
  minAdv: undefined,
  neutralize: [],
  costBps: 10,
  q: 0.05,
  delistingReturn: undefined,
  trials: undefined,
  series: false,
  html: undefined,
  from: undefined,
  to: undefined,
};
/** All that the tables of a measurement can hold. */
const rich: EvaluateArgs = {
  ...plain,
  groups: {
    file: "groups.json",
    of: Object.fromEntries(
      [...market.groups].map(([ticker, group]) => [comparable(ticker), group]),
    ),
  },
  universe: { file: "u.csv", members: readUniverse(universeCsv(market), "u.csv") },
  minPrice: 5,
  neutralize: ["group", "beta"],
  delistingReturn: -0.3,
};

describe("evaluations through the ledger", () => {
  const warehouse = useSimulatedWarehouse(market);
  const deps = () => jobDeps(warehouse(), afterMarket(market));
  before(async () => {
    const factors = pickFactors(await loadLibrary(), names);
    const [from, to] = [market.sessions[260]!, market.sessions.at(-1)!];
    await compute({ factors, from, to }, deps(), noSignal);
  });

  /** Measures them in this process, as a child would, from what a run's record holds; how many were bought. */
  const measured = async (how: EvaluateArgs) => {
    const base = deps();
    let bought = 0;
    const parameters: unknown = JSON.parse(
      JSON.stringify(backfill.parametersOf({ factors: names, evaluate: how })),
    );
    const report = await backfill.run(
      backfill.argsOf({ source: "library", parameters: parameters as Record<string, unknown> }),
      {
        ...base,
        async buy(plan, stop) {
          bought = plan.units.length;
          const of = { runId: base.runId, source: plan.source, parameters: {} };
          return buyHere(plan.units, await dataset.open(of, base, base.runId), base, stop);
        },
      },
      noSignal,
    );
    return { report, bought };
  };

  const recorded = async (runId: string): Promise<EvaluationResult[]> => {
    const rows = await warehouse().rows<{ result: string }>(
      "SELECT result FROM evaluations FINAL WHERE run_id = {runId:String} ORDER BY factor",
      { runId },
    );
    return rows.map(({ result }) => JSON.parse(result) as EvaluationResult);
  };

  for (const [name, how] of Object.entries({ plain, rich })) {
    it(`of ${name} settings are those of quarry evaluate, to the last bit`, async () => {
      const { report, bought } = await measured(how);
      assert.equal(bought, names.length);
      assert.deepEqual([report.failed, report.missing], [[], []]);
      const { results } = await evaluate(names, how, deps(), noSignal);
      assert.ok(results[0]!.days > 200);
      assert.deepEqual(report.results, results);
      const runs = await warehouse().rows<{ run_id: string }>(
        "SELECT run_id FROM evaluations GROUP BY run_id ORDER BY max(ingested_at), toUInt32(substring(run_id, 5))",
      );
      const [ours, theirs] = runs.slice(-2);
      assert.deepEqual(await recorded(ours!.run_id), await recorded(theirs!.run_id));
    });
  }

  it("are measured once: the same again buys nothing and records nothing, another acceptance judges alone", async () => {
    const count = async (): Promise<number> =>
      (await warehouse().rows<{ n: number }>("SELECT count() AS n FROM evaluations FINAL"))[0]!.n;
    const before = await count();
    const again = await measured(plain);
    assert.deepEqual([again.bought, again.report.held, again.report.results], [0, 3, []]);
    assert.equal(await count(), before);
    const stricter = await measured({ ...plain, q: 0.01 });
    assert.deepEqual([stricter.bought, stricter.report.results.length], [0, 3]);
    assert.equal(stricter.report.results[0]!.fdr.q, 0.01);
    assert.equal(await count(), before + 3);
  });

  it("are stale once a factor has other values", async () => {
    const bars = "SELECT * REPLACE (now() AS known_at, 9 AS revision, close * 1.01 AS close)";
    await warehouse().command(`INSERT INTO bars ${bars} FROM bars LIMIT 1`);
    const base = deps();
    const plan = await backfill.plan(
      { factors: names, evaluate: plain },
      { ...base, nowMs: base.now(), warehouse: () => Promise.resolve(warehouse()) },
    );
    assert.equal(plan.units.length, names.length);
    assert.ok(plan.partitions.stale > 0);
  });
});
