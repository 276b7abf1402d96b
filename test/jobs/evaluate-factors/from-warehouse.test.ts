import assert from "node:assert/strict";
import { run as compute } from "../../../jobs/compute-factors/job.ts";
import type { EvaluateArgs } from "../../../jobs/evaluate-factors/args.ts";
import { run as evaluate } from "../../../jobs/evaluate-factors/job.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { sessionCloseMs } from "../../../shared/market/calendar.ts";
import type { MembershipChange } from "../../../shared/market/membership-changes.ts";
import { parseTradingDay, type TradingDay } from "../../../shared/market/trading-day.ts";
import { comparable, readUniverse } from "../../../shared/market/universe.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import { addMembershipChanges } from "../../../shared/warehouse/tables/memberships.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";

const market = simulateMarket({
  seed: 8,
  securities: 30,
  from: parseTradingDay("2018-01-02"),
  to: parseTradingDay("2020-12-31"),
  lateStarts: 0,
  delistingsPerYear: 0,
  haltsPerYear: 0,
  // So strong that thirty names over two years show it.
  rho: { rev_5: 0.4 },
});
const from = market.sessions[260]!;
const to = market.sessions.at(-1)!;

const usual: EvaluateArgs = {
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
  series: true,
  html: undefined,
  from: undefined,
  to: undefined,
};

const line = (ticker: string, day: TradingDay, memberOf: string): MembershipChange => ({
  ticker: comparable(ticker),
  day,
  memberOf,
  knownAtMs: sessionCloseMs(day),
});

describe("an evaluation of factors in the warehouse", () => {
  const warehouse = useSimulatedWarehouse(market);
  const deps = () => jobDeps(warehouse(), afterMarket(market));
  const judge = async (names: string[], args: Partial<EvaluateArgs> = {}) =>
    (await evaluate(names, { ...usual, ...args }, deps(), noSignal)).results;
  const count = async (table: string): Promise<number> =>
    (await warehouse().rows<{ n: number }>(`SELECT count() AS n FROM ${table} FINAL`))[0]!.n;

  before(async () => {
    const factors = pickFactors(await loadLibrary(), ["rev_5", "lowvol_252", "skew_252"]);
    await compute({ factors, from, to }, deps(), noSignal);
  });

  it("finds what was planted, and nothing in what was not", async () => {
    const [planted, noise] = await judge(["rev_5", "skew_252"]);
    assert.ok(planted!.ic["1"]!.mean! > 0.1);
    assert.equal(planted!.fdr.rejected["1"], true);
    assert.equal(noise!.fdr.rejected["1"], false);
  });

  it("counts each trial once, however often it is looked at, and a changed question as another", async () => {
    await judge(["rev_5"]);
    const before = await count("trials");
    const [again] = await judge(["rev_5"]);
    assert.equal(await count("trials"), before);
    assert.equal(again!.fdr.trials, before);
    const [later] = await judge(["rev_5"], { delay: 3 });
    assert.equal(await count("trials"), before + usual.horizons.length);
    assert.equal(later!.fdr.trials, before + usual.horizons.length);
  });

  it("knows on each day the members of that day alone", async () => {
    // But for the ticker that two listings share, whose second one begins late.
    const listed = market.listings.map(({ ticker }) => ticker);
    const tickers = listed.filter(
      (ticker) => listed.indexOf(ticker) === listed.lastIndexOf(ticker),
    );
    assert.equal(tickers.length, 28);
    const half = market.sessions[500]!;
    // Ten leave at half time, ten come then, eight are there all along.
    const membership = [
      "ticker,start,end",
      ...tickers.slice(0, 10).map((ticker) => `${ticker},${from},${half}`),
      ...tickers.slice(10, 20).map((ticker) => `${ticker},${market.sessions[501]!},`),
      ...tickers.slice(20).map((ticker) => `${ticker},,`),
    ].join("\n");
    const universe = { file: "members.csv", members: readUniverse(membership, "members.csv") };
    const [all] = await judge(["rev_5"]);
    const [members] = await judge(["rev_5"], { universe });
    const [few] = await judge(["rev_5"], {
      universe: { ...universe, members: universe.members.slice(0, 10) },
    });
    assert.equal(all!.coverage.max, 29);
    assert.deepEqual([members!.coverage.min, members!.coverage.max], [18, 18]);
    assert.equal(members!.days, all!.days);
    assert.equal(few!.last_day, half);
  });

  it("reads lists of the warehouse as they were known: the same as files where nothing was told late", async () => {
    const groups = Object.fromEntries(
      [...market.groups].map(([ticker, group]) => [comparable(ticker), group]),
    );
    const start = market.sessions[0]!;
    const lists = {
      sector: [...market.groups].map(([ticker, group]) => line(ticker, start, group)),
      large: [...market.groups.keys()].map((ticker) => line(ticker, start, "large")),
      moved: [...market.groups].flatMap(([ticker, group]) => [
        line(ticker, start, group),
        line(ticker, market.sessions[600]!, "Another"),
      ]),
    };
    for (const [list, changes] of Object.entries(lists)) {
      await addMembershipChanges(warehouse(), list, changes, { capture: "", runId: "", nowMs: 0 });
    }
    const neutral = { neutralize: ["group"] } as const;
    const [byFile] = await judge(["rev_5"], { ...neutral, groups: { file: "g.json", of: groups } });
    const sector = { file: "sector", of: undefined };
    const large = { file: "large", members: undefined };
    const [byList] = await judge(["rev_5"], { ...neutral, groups: sector, universe: large });
    assert.deepEqual(byList!.ic_by_group, byFile!.ic_by_group);
    assert.deepEqual(byList!.neutralized, byFile!.neutralized);
    assert.ok(Object.keys(byList!.ic_by_group).length > 2);
    const [moved] = await judge(["rev_5"], { groups: { file: "moved", of: undefined } });
    assert.equal(moved!.ic["1"]!.mean, byFile!.ic["1"]!.mean);
    assert.ok(moved!.ic_by_group["Another"] !== undefined);
    assert.notEqual(moved!.ic["1"]!.mean_group_adjusted, byFile!.ic["1"]!.mean_group_adjusted);
    await assert.rejects(judge(["rev_5"], { universe: { ...large, file: "none-such" } }), {
      name: "InvalidInput",
      message: /a list that the warehouse holds \(large, moved, sector\), got "none-such"/,
    });
  });

  it("leaves out what is too cheap or too thin", async () => {
    const [all] = await judge(["rev_5"]);
    const [dear] = await judge(["rev_5"], { minPrice: 40 });
    const [liquid] = await judge(["rev_5"], { minAdv: 20_000_000 });
    for (const some of [dear!, liquid!]) {
      assert.ok(some.rows > 0 && some.rows < all!.rows, `${some.rows} of ${all!.rows}`);
    }
  });

  it("writes down each evaluation with its parameters", async () => {
    const before = await count("evaluations");
    await judge(["rev_5", "lowvol_252"]);
    assert.equal(await count("evaluations"), before + 2);
    const [row] = await warehouse().rows<{ parameters: string; result: string }>(
      "SELECT parameters, result FROM evaluations WHERE factor = 'lowvol_252' LIMIT 1",
    );
    assert.equal((JSON.parse(row!.parameters) as EvaluateArgs).delay, 1);
    assert.equal((JSON.parse(row!.result) as { factor: string }).factor, "lowvol_252");
  });

  it("says of a factor that it has no values, or that there is none of the name", async () => {
    await assert.rejects(judge(["mom_12_1"]), /no values of mom_12_1: run "quarry compute/);
    await assert.rejects(judge(["luck"]), /factor of the library .* got "luck"/);
  });
});
