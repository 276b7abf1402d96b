import assert from "node:assert/strict";
import { run, type AuditArgs, type AuditReport } from "../../../jobs/audit-lookahead/job.ts";
import { defineFactor, type FactorDefinition } from "../../../shared/factors/define.ts";
import { loadLibrary, pickFactors } from "../../../shared/factors/load-library.ts";
import { sessionCloseMs } from "../../../shared/market/calendar.ts";
import { spansAsKnown, type MembershipChange } from "../../../shared/market/membership-changes.ts";
import { parseTradingDay, type TradingDay } from "../../../shared/market/trading-day.ts";
import { simulateMarket } from "../../../shared/simulator/market.ts";
import {
  addMembershipChanges,
  membershipsAsKnown,
} from "../../../shared/warehouse/tables/memberships.ts";
import { jobDeps, noSignal } from "../../support/job-deps.ts";
import { afterMarket, useSimulatedWarehouse } from "../../support/simulated-warehouse.ts";

const market = simulateMarket({
  seed: 12,
  securities: 14,
  from: parseTradingDay("2019-01-02"),
  to: parseTradingDay("2020-12-31"),
});
const library = await loadLibrary();
const change = (
  ticker: string,
  on: TradingDay,
  memberOf: string,
  knownAtMs: number,
): MembershipChange => ({ ticker, day: on, memberOf, knownAtMs: knownAtMs || sessionCloseMs(on) });

describe("quarry audit lookahead", () => {
  const warehouse = useSimulatedWarehouse(market, { reports: true });

  const audit = (
    factors: readonly FactorDefinition[],
    ...days: TradingDay[]
  ): Promise<AuditReport> =>
    run(
      { factors, days: days.length > 0 ? days : undefined },
      jobDeps(warehouse(), afterMarket(market)),
      noSignal,
    );
  const few = pickFactors(library, [
    "book_to_market",
    "earnings_yield",
    "market_cap",
    "mom_6_1",
    "rev_5",
  ]);
  const day = market.sessions[400]!;

  /** A corrected bar, a split that came to light late, and a filing of which nobody tells when it was accepted. */
  before(async () => {
    await warehouse().command(
      `INSERT INTO bars SELECT source, security_id, day, toDateTime('2020-09-03 22:00:00', 'UTC'), 1, open, high, low, close * 1.03, volume, capture, run_id,
         toDateTime('2020-09-03 22:00:00', 'UTC')
       FROM bars WHERE security_id = 'S000003' AND day = '2020-05-04'`,
    );
    await warehouse().command(
      `INSERT INTO corporate_actions SELECT source, security_id, toDate('2020-06-15'), 'split', toDateTime('2020-09-03 22:00:00', 'UTC'), 2, '', '', now()
       FROM bars WHERE security_id = 'S000005' LIMIT 1`,
    );
    await warehouse().command(
      `INSERT INTO facts SELECT source, issuer_id, taxonomy, concept, unit, period_start, period_end, value * 2, 'undated', form, filed, capture, run_id, ingested_at
       FROM facts WHERE concept = 'StockholdersEquity'`,
    );
  });

  it("finds nothing in the library: on many days, with corrections, late splits, amendments, evenings and undated rows", async () => {
    const [state] = await warehouse().rows<Record<string, number>>(
      `SELECT countIf(form = '10-K/A') AS amended, countIf(known_by = 'filing day') AS undated,
         countIf(toHour(known_at, 'America/New_York') = 6 AND toMinute(known_at, 'America/New_York') = 0) AS evening,
         (SELECT count() FROM corporate_actions WHERE kind = 'split') AS splits FROM filings FINAL`,
    );
    for (const [name, rows] of Object.entries(state!)) assert.ok(rows > 0, `no ${name}`);
    const { differences, compared, days, known_at } = await audit(library);
    assert.equal(differences, 0, JSON.stringify(days.map(({ first }) => first)));
    assert.ok(compared > 100_000 && days.length === 5);
    assert.ok(days.every((one) => one.compared > 0));
    assert.equal(
      known_at.broken,
      0,
      JSON.stringify(known_at.rules.filter(({ broken }) => broken > 0)),
    );
    assert.ok(
      known_at.rules.every(
        ({ rows, rule }) => rows > 0 || /\b(list|article|report|text)\b/.test(rule),
      ),
    );
    assert.ok(known_at.undated > 0);
    assert.ok(known_at.lags.some(({ lag }) => lag === "30 to 44 days"));
  });

  it("has values of the company to compare: a factor of each kind has some on every day", async () => {
    const { days } = await audit(pickFactors(library, ["piotroski_f"]), day);
    assert.ok(days[0]!.compared > 100);
  });

  it("catches a factor that reads the next session", async () => {
    const leak = defineFactor({
      ...few[0]!,
      name: "leak",
      inputs: ["price"],
      compute({ price }, { from, to }, out) {
        for (let t = from; t < to; t++) out[t] = price[t + 1]! / price[t]! - 1;
      },
    });
    const { differences, days } = await audit([leak], day);
    assert.ok(differences > 0);
    assert.equal(days[0]!.first!.day, day);
    assert.match(days[0]!.first!.input, /^(bars: |sessions after)/);
  });

  describe("of a universe and of sectors", () => {
    const early = market.sessions[100]!;
    const lists = { universe: "large", groups: "sector" };
    const auditLists = (extra: Partial<AuditArgs> = {}): Promise<AuditReport> =>
      run(
        { factors: few.slice(-1), days: [day], ...lists, ...extra },
        jobDeps(warehouse(), afterMarket(market)),
        noSignal,
      );

    before(async () => {
      const { listings } = market;
      const add = (list: string, changes: readonly MembershipChange[]): Promise<number> =>
        addMembershipChanges(warehouse(), list, changes, { capture: "", runId: "", nowMs: 0 });
      const known = (at: TradingDay): number => sessionCloseMs(at);
      const tickers = [...new Set(listings.map(({ ticker }) => ticker))];
      const [first, second] = tickers.filter((_, at) => at % 2 === 0);
      await add("large", [
        ...tickers.map((ticker) => change(ticker, market.sessions[0]!, "large", 0)),
        // Told after the day that is audited, of a day before: who knew of it on that day?
        change(first!, early, "", known(market.sessions[450]!)),
      ]);
      await add("sector", [
        ...tickers.map((ticker, at) => change(ticker, market.sessions[0]!, at % 2 ? "A" : "B", 0)),
        change(second!, early, "A", known(market.sessions[451]!)),
      ]);
    });

    it("finds nothing where they are read as known on each day", async () => {
      const { differences, compared } = await auditLists();
      assert.equal(differences, 0);
      assert.ok(compared > 2 * (await audit(few.slice(-1), day)).compared * 0.8);
    });

    for (const [what, list] of Object.entries(lists)) {
      it(`catches a list of ${what} that is read as it became known later`, async () => {
        const readList: AuditArgs["readList"] = async (there, name) => {
          if (name !== list) return membershipsAsKnown(there, name);
          const rows = await there.rows<{ ticker: string; day: TradingDay; memberOf: string }>(
            "SELECT ticker, day, member_of AS memberOf FROM memberships WHERE list = {name:String} ORDER BY day",
            { name },
          );
          return spansAsKnown(rows.map((row) => ({ ...row, knownAtMs: 0 })));
        };
        const { differences, days } = await auditLists({ readList });
        assert.ok(differences > 0);
        const { first } = days[0]!;
        assert.ok(first!.day >= early);
        assert.match(first!.input, new RegExp(`^memberships: .*"list":"${list}".*${early}`));
      });
    }

    it("catches members and sectors of today that are said to be as old as the prices", async () => {
      const names = Array.from({ length: 60 }, (_, at) => `T${at}`);
      const start = parseTradingDay("2010-01-04");
      await addMembershipChanges(
        warehouse(),
        "todays",
        names.map((ticker) => change(ticker, start, "todays", sessionCloseMs(start))),
        { capture: "", runId: "", nowMs: 0 },
      );
      const { known_at } = await auditLists();
      const rule = known_at.rules.find(({ rule: words }) => words.includes("left or moved"))!;
      assert.equal(rule.broken, 1);
      assert.match(rule.examples[0]!, /todays/);
      await warehouse().command(
        "ALTER TABLE memberships DELETE WHERE list = 'todays' SETTINGS mutations_sync = 2",
      );
    });

    it("refuses a list that is not there", async () => {
      await assert.rejects(auditLists({ universe: "small" }), {
        name: "InvalidInput",
        message: /a list that the warehouse holds \(large, sector\), got "small"/,
      });
    });

    it("knows nothing of lists on days before anybody told of them", async () => {
      const later = market.sessions[450]!;
      for (const list of ["late-universe", "late-sector"]) {
        await addMembershipChanges(
          warehouse(),
          list,
          [change(market.listings[0]!.ticker, later, list, sessionCloseMs(later))],
          { capture: "", runId: "", nowMs: 0 },
        );
      }
      const { differences } = await auditLists({
        universe: "late-universe",
        groups: "late-sector",
      });
      assert.equal(differences, 0);
    });
  });

  it("catches filings that are said to be known at the end of their period", async () => {
    const planted = "INSERT INTO filings SELECT source, issuer_id, accession, form, filed";
    await warehouse().command(
      `${planted}, toDateTime(assumeNotNull(period_end), 'UTC'), known_by, 2, period_end, primary_document, items, capture, run_id, ingested_at
       FROM filings FINAL WHERE known_by = 'acceptance' AND issuer_id = (SELECT max(issuer_id) FROM filings WHERE known_by = 'acceptance')`,
    );
    const { known_at } = await audit(few, day);
    const broken = known_at.rules.find(({ rule }) => rule.includes("06:00"));
    assert.ok(broken!.broken > 0 && broken!.examples.length > 0);
    assert.ok(known_at.soon.filings > 0);
    await warehouse().command(
      "ALTER TABLE filings DELETE WHERE rank = 2 SETTINGS mutations_sync = 2",
    );
    assert.equal((await audit(few, day)).known_at.broken, 0);
  });

  it("catches a correction of a bar that is said to be as old as the bar", async () => {
    await warehouse().command(
      `INSERT INTO bars SELECT source, security_id, day, known_at, 1, open, high, low, close * 2, volume, capture, run_id, now() + 60
       FROM bars WHERE security_id = 'S000003' AND day = '2020-03-04'`,
    );
    const { known_at } = await audit(few, day);
    assert.equal(known_at.rules.find(({ rule }) => rule.includes("corrected bar"))!.broken, 1);
  });

  it("refuses a day without prices", async () => {
    await assert.rejects(audit(few, parseTradingDay("1999-01-04")), {
      name: "InvalidInput",
      message: "--at 1999-01-04: expected a day of the prices, 2019-01-02 to 2020-12-31.",
    });
  });
});
