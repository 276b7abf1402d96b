import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { parseTradingDay } from "../../../shared/market/trading-day.ts";
import { newYorkInstant } from "../../../shared/market/new-york.ts";
import { readCompanyTickers } from "../../../shared/sources/edgar/company-tickers.ts";
import { dailyIndexPath, readDailyIndex } from "../../../shared/sources/edgar/daily-index.ts";
import { knownByAcceptance, knownByFilingDay } from "../../../shared/sources/edgar/known-at.ts";
import { readOverflowPage, readSubmissions } from "../../../shared/sources/edgar/submissions.ts";
import { recordedBytes, recordedPath } from "../../support/recorded-data.ts";

const utc = (ms: number | undefined): string => new Date(ms!).toISOString();
const day = parseTradingDay;

describe("when a filing is known", () => {
  it("is its acceptance, the digits read by New York's clock", () => {
    // 2025-10-31 is before the change of the clocks: 06:01:26 in New York is 10:01:26 UTC.
    assert.equal(
      utc(knownByAcceptance("2025-10-31T06:01:26.000Z", day("2025-10-31"))),
      "2025-10-31T10:01:26.000Z",
    );
    // In winter five hours.
    assert.equal(
      utc(knownByAcceptance("2026-01-30T06:01:32.000Z", day("2026-01-30"))),
      "2026-01-30T11:01:32.000Z",
    );
  });

  it("is not before 06:00 of its filing day", () => {
    // Accepted in the evening, dated the next day: 06:00 in New York of that day.
    assert.equal(
      utc(knownByAcceptance("2020-10-29T18:06:25.000Z", day("2020-10-30"))),
      "2020-10-30T10:00:00.000Z",
    );
    assert.equal(
      utc(knownByAcceptance("2020-10-30T05:00:00.000Z", day("2020-10-30"))),
      "2020-10-30T10:00:00.000Z",
    );
  });

  it("is the end of its filing day where nobody tells", () => {
    assert.equal(knownByAcceptance("", day("2020-10-30")), undefined);
    assert.equal(knownByAcceptance("2020-13-41T99:00:00", day("2020-10-30")), undefined);
    assert.equal(utc(knownByFilingDay(day("2020-10-30"))), "2020-10-31T03:59:59.000Z");
  });
});

describe("submissions", () => {
  it("of Apple tell its 10-K of 2025-10-31, its names, ticker and industry", function () {
    const apple = readSubmissions(
      recordedBytes(this, "C_sec/submissions/CIK0000320193.json"),
      "0000320193",
    );
    const report = apple.filings.find(({ accession }) => accession === "0000320193-25-000079")!;
    assert.deepEqual(
      [report.form, report.filed, report.periodEnd, report.knownBy, utc(report.knownMs)],
      ["10-K", "2025-10-31", "2025-09-27", "acceptance", "2025-10-31T10:01:26.000Z"],
    );
    assert.deepEqual(apple.tickers, [{ ticker: "AAPL", exchange: "Nasdaq" }]);
    assert.equal(apple.sic, "3571");
    assert.deepEqual(apple.formerNames[1], {
      name: "APPLE COMPUTER INC",
      from: "1994-01-26",
      to: "2007-01-04",
    });
    assert.deepEqual(apple.pages, [
      { name: "CIK0000320193-submissions-001.json", from: "1994-01-26", to: "2015-03-11" },
    ]);
  });

  it("of every recorded company know no 10-K or 10-Q before 06:00 in New York of its filing day", function () {
    const folder = recordedPath(this, "C_sec/submissions");
    let reports = 0;
    for (const name of readdirSync(folder)) {
      const bytes = recordedBytes(this, `C_sec/submissions/${name}`);
      const filings = name.includes("-submissions-")
        ? readOverflowPage(bytes)
        : readSubmissions(bytes).filings;
      for (const { form, filed, knownMs, accession } of filings) {
        if (!/^10-[KQ]/.test(form)) continue;
        reports++;
        assert.ok(knownMs >= newYorkInstant(filed, 360), `${name} ${accession}`);
        // What is UTC in truth is read some hours later, at times into the night.
        const night = knownByFilingDay(filed) + 6 * 3_600_000;
        assert.ok(knownMs <= night, `${name} ${accession} after its filing day`);
      }
    }
    assert.ok(reports > 400, `${reports}`);
  });

  it("leave out what holders report", function () {
    const { filings } = readSubmissions(
      recordedBytes(this, "C_sec/submissions/CIK0000320193.json"),
    );
    assert.ok(filings.every(({ form }) => form !== "4" && form !== "144"));
    assert.ok(filings.some(({ form }) => form === "8-K"));
  });

  it("that are none are refused", () => {
    for (const text of [
      "",
      "{}",
      '{"cik":1,"filings":{}}',
      '{"cik":"x","filings":{"recent":{}}}',
    ]) {
      assert.throws(() => readSubmissions(Buffer.from(text)), { name: "MalformedRecord" });
    }
  });
});

describe("EDGAR's lists", () => {
  it("of tickers give each its CIK, two classes the same", function () {
    const all = readCompanyTickers(recordedBytes(this, "C_sec/company_tickers.json"));
    const of = (ticker: string) => all.find((one) => one.ticker === ticker)?.issuerId;
    assert.equal(of("AAPL"), "0000320193");
    assert.equal(of("GOOGL"), of("GOOG"));
    assert.ok(all.length > 5000);
  });

  it("of a day give form, CIK and path, of forms and names with spaces too", function () {
    const filings = readDailyIndex(recordedBytes(this, "C_sec/company.20221003.idx.gz"));
    assert.deepEqual(filings[2], {
      issuerId: "0001779476",
      form: "SC 13D/A",
      filed: "2022-10-03",
      path: "edgar/data/1779476/0001104659-22-104841.txt",
    });
    assert.ok(filings.length > 1000);
    assert.equal(
      dailyIndexPath(day("2022-10-03")),
      "/Archives/edgar/daily-index/2022/QTR4/company.20221003.idx",
    );
    assert.throws(() => readDailyIndex(Buffer.from("nothing")), { name: "MalformedRecord" });
  });
});
