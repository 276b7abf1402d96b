import assert from "node:assert/strict";
import { answer, type FactQuestion } from "../../shared/fundamentals/ask.ts";
import type { ItemValue } from "../../shared/fundamentals/derive.ts";
import type { Fact } from "../../shared/fundamentals/fact.ts";
import { items } from "../../shared/fundamentals/items.ts";
import { sessionCloseMs } from "../../shared/market/calendar.ts";
import { fromDayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";
import { recordedBytes } from "../support/recorded-data.ts";
import { factsOf } from "./recorded-facts.ts";

const asOf = (day: string): number => sessionCloseMs(parseTradingDay(day));
const ask = (facts: readonly Fact[], name: string, day: string, more: Partial<FactQuestion> = {}) =>
  answer(facts, {
    name,
    asOfMs: asOf(day),
    history: false,
    vintage: "restated",
    periods: "all",
    ...more,
  });
const period = ({ start, end }: ItemValue): string =>
  `${Number.isNaN(start) ? "" : fromDayNumber(start)}..${fromDayNumber(end)}`;
const at = (values: readonly ItemValue[], wanted: string): ItemValue | undefined =>
  values.find((value) => period(value) === wanted);

describe("Apple's facts, as they were known", () => {
  let apple: Fact[];
  before(function () {
    apple = factsOf(
      recordedBytes(this, "C_sec/companyfacts/CIK0000320193.json"),
      recordedBytes(this, "C_sec/submissions/CIK0000320193.json"),
    );
  });

  it("revenue of fiscal 2009 was 36,537 M by the 10-K of 2009-10-27 and 42,905 M by the 10-K/A of 2010-01-25", () => {
    const year = "2008-09-28..2009-09-26";
    const value = (day: string) => at(ask(apple, "revenue", day, { periods: "annual" }), year);
    assert.equal(
      value("2009-10-27"),
      undefined,
      "it was filed after the close, as far as anybody knows",
    );
    assert.deepEqual([value("2009-10-28")!.value, value("2009-10-28")!.form], [36_537e6, "10-K"]);
    assert.equal(value("2010-01-25")!.value, 36_537e6);
    const amended = value("2010-01-26")!;
    assert.deepEqual(
      [amended.value, amended.form, amended.accession, amended.concept],
      [42_905e6, "10-K/A", "0001193125-10-012091", "SalesRevenueNet"],
    );
    const first = ask(apple, "revenue", "2020-01-02", {
      periods: "annual",
      vintage: "as_reported",
    });
    assert.equal(at(first, year)!.value, 36_537e6);
  });

  it("the cash flow of fiscal 2017 was 63,598 M, then 64,225 M", () => {
    const year = "2016-09-25..2017-09-30";
    const value = (day: string) =>
      at(ask(apple, "operating_cash_flow", day, { periods: "annual" }), year)!.value;
    assert.equal(value("2018-10-01"), 63_598e6);
    assert.equal(value("2018-11-06"), 64_225e6);
  });

  it("its fourth quarter is the year less nine months of one basis: 63,598 - 47,942 M, then 64,225 - 48,354 M", () => {
    // Nine months to 2017-07-01: 47,942 M by the 10-Q of 2017-08-02, 48,354 M by that of 2018-08-01.
    const parts = apple.filter(
      (fact) =>
        fact.concept === "NetCashProvidedByUsedInOperatingActivities" &&
        fromDayNumber(fact.end) === "2017-07-01" &&
        fact.end - fact.start > 250,
    );
    const [before, after] = [Math.min, Math.max].map((pick) =>
      pick(...parts.map(({ value }) => value)),
    );
    const quarter = "2017-07-02..2017-09-30";
    const value = (day: string) =>
      at(ask(apple, "operating_cash_flow", day, { periods: "quarterly" }), quarter)!;
    assert.equal(value("2017-12-01").value, 63_598e6 - before!);
    // The nine months were restated, the year was not yet: both stand on the old basis still.
    assert.equal(value("2018-09-04").value, 63_598e6 - before!);
    assert.equal(value("2018-11-06").value, 64_225e6 - after!);
    const { derived, inputs, knownMs } = value("2018-11-06");
    assert.deepEqual([derived, inputs.length], ["q4", 2]);
    assert.equal(
      knownMs,
      Math.max(
        ...apple.filter((fact) => inputs.includes(fact.accession)).map((fact) => fact.knownMs),
      ),
    );
  });

  it("diluted earnings a share of the quarter to 2020-06-27 were 2.58, then 0.65 after the split", () => {
    const quarter = "2020-03-29..2020-06-27";
    const value = (day: string) =>
      at(ask(apple, "eps_diluted", day, { periods: "quarterly" }), quarter)!.value;
    assert.equal(value("2020-07-31"), 2.58);
    assert.equal(value("2020-10-30"), 0.65);
  });

  it("no fourth quarter of earnings a share is ever derived: 2.97 less 8.86 would be -5.89", () => {
    for (const { name, kind } of items) {
      if (kind === "flow") continue;
      for (const periods of ["quarterly", "annual", "ttm"] as const) {
        const values = ask(apple, name, "2020-10-30", { periods });
        assert.ok(
          values.every(({ derived }) => derived === null),
          name,
        );
      }
    }
    const quarters = ask(apple, "eps_diluted", "2020-10-30", { periods: "quarterly" });
    assert.ok(quarters.every(({ value }) => value > 0));
    const years = ask(apple, "eps_diluted", "2020-10-30", { periods: "annual" });
    assert.equal(at(years, "2018-09-30..2019-09-28")!.value, 2.97);
  });

  it("a period is its dates: every value of a quarter lasts 80 to 100 days, of a year 350 to 380, whatever it is called", () => {
    for (const { name, kind } of items) {
      if (kind === "instant" || kind === "shares") continue;
      const days = (periods: FactQuestion["periods"]): number[] =>
        ask(apple, name, "2026-02-27", { periods }).map(({ start, end }) => end - start + 1);
      assert.ok(
        days("quarterly").every((length) => length >= 80 && length <= 100),
        name,
      );
      assert.ok(
        days("annual").every((length) => length >= 350 && length <= 380),
        name,
      );
      assert.ok(
        days("ttm").every((length) => length >= 350 && length <= 380),
        name,
      );
    }
  });

  it("every value that was not derived stands in the source under its accession, concept and period", () => {
    const keys = new Set(
      apple.map((f) => `${f.accession} ${f.concept} ${f.unit} ${f.start} ${f.end} ${f.value}`),
    );
    let seen = 0;
    for (const { name } of items) {
      for (const periods of ["all", "quarterly", "annual", "ttm"] as const) {
        for (const v of ask(apple, name, "2024-03-01", { periods })) {
          if (v.derived !== null) continue;
          seen++;
          assert.ok(
            keys.has(`${v.accession} ${v.concept} ${v.unit} ${v.start} ${v.end} ${v.value}`),
          );
          assert.ok(v.knownMs <= asOf("2024-03-01"));
        }
      }
    }
    assert.ok(seen > 5000);
  });

  it("twelve months are four quarters, where all four were filed", () => {
    // Since the restatement of 2010 nothing of Apple's net income was told twice otherwise.
    const day = "2018-09-04";
    const since = parseTradingDay("2011-01-01");
    const quarters = ask(apple, "net_income", day, { periods: "quarterly" });
    const years = ask(apple, "net_income", day, { periods: "ttm" }).filter(
      ({ start }) => fromDayNumber(start) >= since,
    );
    let compared = 0;
    for (const { start, end, value } of years) {
      const four = quarters.filter((quarter) => quarter.start >= start && quarter.end <= end);
      if (four.length !== 4) continue;
      compared++;
      assert.equal(
        four.reduce((sum, quarter) => sum + quarter.value, 0),
        value,
      );
    }
    assert.ok(compared > 20, `${compared}`);
  });

  it("history is every row ever filed of exactly what is named", () => {
    const rows = ask(apple, "SalesRevenueNet", "2026-02-27", { history: true });
    assert.equal(rows.length, 210);
    assert.equal(ask(apple, "Revenues", "2026-02-27", { history: true }).length, 11);
    const all = ask(apple, "revenue", "2026-02-27", { history: true });
    assert.ok(all.length > 300);
    const instants = ask(apple, "Assets", "2026-02-27", { history: true });
    assert.ok(instants.length > 100 && instants.every(({ start }) => Number.isNaN(start)));
  });
});

describe("Snowflake's facts", () => {
  it("have periods with several values over time, and each day one of them", function () {
    const facts = factsOf(recordedBytes(this, "C_sec/companyfacts/snow_facts.json"));
    const periods = Map.groupBy(
      facts,
      ({ concept, unit, start, end }) => `${concept} ${unit} ${start} ${end}`,
    );
    const restated = [...periods.values()].filter(
      (own) => new Set(own.map(({ value }) => value)).size > 1,
    );
    assert.ok(restated.length >= 23, `${restated.length}`);
    for (const own of restated.slice(0, 50)) {
      const { concept, start, end, unit } = own[0]!;
      const value = (ms: number) =>
        answer(facts, {
          name: `${own[0]!.taxonomy}:${concept}`,
          asOfMs: ms,
          history: false,
          vintage: "restated",
          periods: "all",
        }).find((one) => one.unit === unit && Object.is(one.start, start) && one.end === end);
      for (const fact of own) {
        const then = value(fact.knownMs)!;
        assert.ok(own.some((one) => one.value === then.value && one.knownMs <= fact.knownMs));
      }
    }
  });
});
