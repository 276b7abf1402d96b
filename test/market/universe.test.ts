import assert from "node:assert/strict";
import { InvalidInput } from "../../shared/errors.ts";
import { parseTradingDay } from "../../shared/market/trading-day.ts";
import { comparable, isMember, readUniverse } from "../../shared/market/universe.ts";
import { recordedText } from "../support/recorded-data.ts";

const day = (text: string) => parseTradingDay(text);
const read = (...lines: string[]) => readUniverse(lines.join("\n"), "u.csv");
const refusal = (message: string | RegExp) => ({ constructor: InvalidInput, message });

describe("readUniverse", () => {
  it("reads what is known of a ticker, and leaves open what is not", () => {
    const members = read(
      "ticker,start,end,name,group,issuer,delisting_return",
      "AAA,2010-01-04,2013-01-02,Aye & Co,Energy,0000000001,-0.3",
      "BBB,,,,,,",
    );
    assert.deepEqual(members, [
      {
        ticker: "AAA",
        start: "2010-01-04",
        end: "2013-01-02",
        name: "Aye & Co",
        group: "Energy",
        issuer: "0000000001",
        delistingReturn: -0.3,
      },
      {
        ticker: "BBB",
        start: undefined,
        end: undefined,
        name: undefined,
        group: undefined,
        issuer: undefined,
        delistingReturn: NaN,
      },
    ]);
  });

  it("takes other names of the columns, in any order and case", () => {
    const [member] = read(
      "CIK,Date added,GICS Sector,Security,Symbol",
      '66740,1957-03-04,Industrials,"3M, Inc.",MMM',
    );
    assert.equal(member!.ticker, "MMM");
    assert.equal(member!.start, "1957-03-04");
    assert.equal(member!.name, "3M, Inc.");
    assert.equal(member!.group, "Industrials");
    assert.equal(member!.issuer, "66740");
  });

  it("is the same with a byte order mark, Windows line ends, blanks and blank lines", () => {
    const plain = read("ticker,start,end", "AAA,2010-01-04,", "BBB,,2012-05-01");
    const marked = "\uFEFFticker , start,end\r\n\r\nAAA, 2010-01-04,\r\n\r\nBBB,, 2012-05-01\r\n";
    assert.deepEqual(readUniverse(marked, "u.csv"), plain);
  });

  it("reads the day of a time", () => {
    assert.equal(read("ticker,start", "AAA,2010-01-04T00:00:00Z")[0]!.start, "2010-01-04");
  });

  it("counts a repeated line once, and keeps a ticker's different days", () => {
    const members = read(
      "ticker,start,end",
      "AAL,1996-01-02,1997-01-15",
      "AAL,2015-03-23,2024-09-23",
      "AAL,1996-01-02,1997-01-15",
    );
    assert.deepEqual(
      members.map(({ start, end }) => [start, end]),
      [
        ["1996-01-02", "1997-01-15"],
        ["2015-03-23", "2024-09-23"],
      ],
    );
  });

  it("names the line of a bad day, also below blank lines and cells of two lines", () => {
    assert.throws(
      () => read("ticker,start", "AAA,2010-01-04", "BBB,04.01.2010"),
      refusal('u.csv:3: expected a day as YYYY-MM-DD, got "04.01.2010".'),
    );
    assert.throws(
      () => read("ticker,start", "", 'AAA,"2010-01-04\n"', "", "BBB,2010-02-30"),
      refusal('u.csv:6: expected a day as YYYY-MM-DD, got "2010-02-30".'),
    );
  });

  it("refuses a start after the end, a return below -1, and a line without a ticker", () => {
    assert.throws(
      () => read("ticker,start,end", "AAA,2013-01-02,2010-01-04"),
      refusal("u.csv:2: AAA starts on 2013-01-02, after its end 2010-01-04."),
    );
    assert.throws(
      () => read("ticker,delisting_return", "AAA,-1", "BBB,-1.01"),
      refusal('u.csv:3: expected a delisting return of -1 or more, got "-1.01".'),
    );
    assert.throws(
      () => read("ticker,delisting_return", "AAA,none"),
      refusal(/^u\.csv:2: .* got "none"\.$/),
    );
    assert.throws(
      () => read("ticker,start", ",2010-01-04"),
      refusal('u.csv:2: expected a ticker, got ",2010-01-04".'),
    );
  });

  it("refuses a file that is no universe", () => {
    assert.throws(
      () => read("date,add,remove", "2019-01-18,TFX,PCG"),
      refusal(
        'u.csv:1: expected a header with a column ticker (and start, end), got "date,add,remove".',
      ),
    );
    assert.throws(() => read(""), refusal(/^u\.csv:1: expected a header .* got ""\.$/));
    assert.throws(
      () => read("ticker,start"),
      refusal("u.csv: expected at least one ticker below the header."),
    );
    assert.throws(() => read("ticker", '"AAA'), refusal(/^u\.csv: expected CSV: Quote Not Closed/));
  });
});

describe("isMember", () => {
  it("includes the first and the last day, and is open where no day is known", () => {
    const members = read("ticker,start,end", "AAA,2010-01-04,2010-01-08", "AAA,2012-01-03,");
    const on = (text: string) => isMember(members, day(text));
    assert.deepEqual(
      ["2010-01-03", "2010-01-04", "2010-01-08", "2010-01-09", "2012-01-03", "2099-01-01"].map(on),
      [false, true, true, false, true, true],
    );
    assert.equal(isMember(read("ticker", "AAA"), day("1970-01-01")), true);
    assert.equal(isMember(undefined, day("2010-01-04")), false);
  });
});

describe("comparable", () => {
  it("is one for the ways of writing a share class", () => {
    assert.equal(comparable("brk-b"), "BRK.B");
    assert.equal(comparable("BRK.B"), "BRK.B");
    assert.notEqual(comparable("BRKB"), "BRK.B");
  });
});

describe("the recorded S&P 500 (../shared/data)", () => {
  const folder = "B_ohlcv/sp500_membership";

  it("has on each day the members of that day and no later ones", function () {
    const file = `${folder}/sp500_ticker_start_end.csv`;
    const members = readUniverse(recordedText(this, file), file);
    assert.equal(members.length, 1230);
    const on = (text: string): string[] =>
      members.filter((member) => isMember([member], day(text))).map(({ ticker }) => ticker);
    // Counted in the file by awk: lines with start <= day and (no end or day <= end).
    const counts = ["1996-01-02", "2000-01-03", "2008-09-15", "2015-06-30", "2020-12-18"];
    assert.deepEqual(
      counts.map((text) => on(text).length),
      [487, 492, 498, 500, 505],
    );
    // Tesla was added on 21 December 2020; Enron left at the end of November 2001, Lehman in September 2008.
    assert.deepEqual(
      [on("2020-12-18").includes("TSLA"), on("2020-12-21").includes("TSLA")],
      [false, true],
    );
    assert.deepEqual(
      [on("2001-11-30").includes("ENRNQ"), on("2001-12-03").includes("ENRNQ")],
      [true, false],
    );
    assert.deepEqual(
      [on("2008-09-15").includes("LEHMQ"), on("2008-09-18").includes("LEHMQ")],
      [true, false],
    );
    // American Airlines: one ticker, two stretches.
    assert.deepEqual(
      ["1996-06-03", "2005-06-01", "2020-06-01"].map((text) => on(text).includes("AAL")),
      [true, false, true],
    );
  });

  it("of today comes with names, groups and issuers", function () {
    const file = `${folder}/constituents_gics_2026-08.csv`;
    const members = readUniverse(recordedText(this, file), file);
    assert.equal(members.length, 503);
    const mmm = members.find(({ ticker }) => ticker === "MMM")!;
    assert.deepEqual(
      [mmm.name, mmm.group, mmm.issuer, mmm.start],
      ["3M", "Industrials", "66740", "1957-03-04"],
    );
    assert.equal(members.filter(({ group }) => group === "Industrials").length, 83);
  });

  it("as a list of changes is no universe", function () {
    const text = recordedText(this, `${folder}/sp500_changes_since_2019.csv`);
    assert.throws(
      () => readUniverse(text, "changes.csv"),
      /expected a header with a column ticker/,
    );
  });
});
