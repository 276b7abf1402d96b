import assert from "node:assert/strict";
import { CompanyAtSessions } from "../../shared/factors/company.ts";
import { axisOf } from "../../shared/factors/series.ts";
import { sessions } from "../../shared/market/calendar.ts";
import type { SecurityId } from "../../shared/market/security.ts";
import { dayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";
import { madeFacts } from "../fundamentals/made-facts.ts";

const day = parseTradingDay;
const days = sessions(day("2020-02-18"), day("2020-03-06"));
const axis = axisOf(Uint16Array.from(days, dayNumber), 0);
const at = (text: string): number => days.indexOf(day(text));
const column = (value: number): Float64Array => new Float64Array(days.length).fill(value);
const bars = {
  securityId: "S000001" as SecurityId,
  days: axis.days,
  open: column(1),
  high: column(1),
  low: column(1),
  // As traded: 40 before the split of four for one, 10 after it.
  close: Float64Array.from(days, (text) => (text < "2020-03-02" ? 40 : 10)),
  volume: column(1),
};
const split = { kind: "split", exDate: day("2020-03-02"), value: 4 } as const;
const cover = "dei EntityCommonStockSharesOutstanding shares";

describe("what the market pays for a company", () => {
  const capOf = (
    facts: ReturnType<typeof madeFacts>,
    others: { from: number; to: number }[] = [],
  ): Float64Array => new CompanyAtSessions({ facts, others }, axis).marketCap(bars, [split]);

  it("is the count as filed, at the close as traded, with a split since the count applied once", () => {
    const caps = capOf(madeFacts([cover, "", "2020-02-14", 100, "10-K", "2020-02-20T12:00:00Z"]));
    assert.ok(Number.isNaN(caps[at("2020-02-19")]!), "the count is not known yet");
    assert.deepEqual([caps[at("2020-02-20")], caps[at("2020-02-28")]], [4000, 4000]);
    assert.deepEqual([caps[at("2020-03-02")], caps[at("2020-03-06")]], [4000, 4000]);
  });

  it("applies no split that the count has in it already", () => {
    const caps = capOf(
      madeFacts(
        [cover, "", "2020-02-14", 100, "10-K", "2020-02-20T12:00:00Z"],
        [cover, "", "2020-03-03", 404, "10-Q", "2020-03-04T12:00:00Z"],
      ),
    );
    assert.deepEqual([caps[at("2020-03-03")], caps[at("2020-03-04")]], [4000, 4040]);
  });

  it("is known from the close after the filing was, and not on the evening of the day itself", () => {
    const caps = capOf(madeFacts([cover, "", "2020-02-14", 100, "10-K", "2020-02-20T22:00:00Z"]));
    assert.ok(Number.isNaN(caps[at("2020-02-20")]!));
    assert.equal(caps[at("2020-02-21")], 4000);
  });

  it("is not told of a company with several classes, while they trade", () => {
    const facts = madeFacts([cover, "", "2020-02-14", 100, "10-K", "2020-02-20T12:00:00Z"]);
    const other = { from: dayNumber(day("2020-02-24")), to: dayNumber(day("2020-03-02")) };
    const caps = capOf(facts, [other]);
    assert.equal(caps[at("2020-02-21")], 4000);
    assert.ok(Number.isNaN(caps[at("2020-02-24")]!) && Number.isNaN(caps[at("2020-03-02")]!));
    assert.equal(caps[at("2020-03-03")], 4000);
  });

  it("and what it reported, is nothing after a year and a half without a report", () => {
    const old = madeFacts(
      [cover, "", "2018-08-20", 100, "10-Q", "2018-08-24T12:00:00Z"],
      ["Assets", "", "2018-08-20", 7, "10-Q", "2018-08-24T12:00:00Z"],
    );
    assert.ok(capOf(old)[at("2020-02-18")]! > 0);
    const statements = new CompanyAtSessions({ facts: old, others: [] }, axis).statements([
      "assets",
    ]);
    // 548 days after 2018-08-20 is 2020-02-19.
    assert.deepEqual([...statements.assets!.subarray(0, 3)], [7, 7, NaN]);
    assert.ok(Number.isNaN(capOf(old)[at("2020-02-20")]!));
  });

  it("is not told where nobody says whose security it is", () => {
    const nobody = new CompanyAtSessions(undefined, axis);
    assert.ok(nobody.marketCap(bars, [split]).every((value) => Number.isNaN(value)));
    assert.ok(
      nobody.statements(["market_cap", "assets"]).assets!.every((value) => Number.isNaN(value)),
    );
  });
});
