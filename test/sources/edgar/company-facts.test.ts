import assert from "node:assert/strict";
import fc from "fast-check";
import { dayNumber, fromDayNumber, parseTradingDay } from "../../../shared/market/trading-day.ts";
import { readCompanyFacts } from "../../../shared/sources/edgar/company-facts.ts";
import { FactRows } from "../../../shared/sources/edgar/fact-rows.ts";
import { recordedBytes } from "../../support/recorded-data.ts";

const today = dayNumber(parseTradingDay("2026-03-01"));

interface Row {
  readonly start?: string;
  readonly end: string;
  readonly val: number;
  readonly accn: string;
  readonly form: string;
  readonly filed: string;
}
interface Body {
  readonly cik: number;
  readonly facts: Record<string, Record<string, { units: Record<string, Row[]> }>>;
}

/** The rows that were read, as lines, sorted. */
function lines(rows: FactRows): string[] {
  return Array.from({ length: rows.rows }, (_, row) =>
    [
      rows.issuers.texts[rows.issuer[row]!],
      rows.taxonomies.texts[rows.taxonomy[row]!],
      rows.concepts.texts[rows.concept[row]!],
      rows.units.texts[rows.unit[row]!],
      Number.isNaN(rows.start[row]!) ? "" : fromDayNumber(rows.start[row]!),
      fromDayNumber(rows.end[row]!),
      rows.value[row],
      rows.accessions.texts[rows.accession[row]!],
      rows.forms.texts[rows.form[row]!],
      fromDayNumber(rows.filed[row]!),
    ].join(" "),
  ).sort();
}

/** The same by `JSON.parse`. */
function linesOf(issuerId: string, { facts }: Body): string[] {
  return Object.entries(facts)
    .flatMap(([taxonomy, concepts]) =>
      Object.entries(concepts).flatMap(([concept, { units }]) =>
        Object.entries(units).flatMap(([unit, rows]) =>
          rows.map(({ start = "", end, val, accn, form, filed }) =>
            [issuerId, taxonomy, concept, unit, start, end, val, accn, form, filed].join(" "),
          ),
        ),
      ),
    )
    .sort();
}

const row = {
  start: "2020-01-01",
  end: "2020-03-31",
  val: 5,
  accn: "0000000099-20-000001",
  fy: 2020,
  fp: "Q1",
  form: "10-Q",
  filed: "2020-05-01",
};
const body = (...rows: unknown[]): string =>
  JSON.stringify({
    cik: 99,
    entityName: 'A "quoted" näme',
    facts: { "us-gaap": { Assets: { label: null, description: ']}{\\"', units: { USD: rows } } } },
  });
const read = (text: string, expected?: string) => {
  const into = new FactRows();
  const facts = readCompanyFacts(Buffer.from(text), into, today, expected);
  return { into, facts, reasons: into.rejected.map(({ reason }) => reason) };
};

describe("a body of companyfacts", () => {
  for (const [file, issuerId, count] of [
    ["C_sec/companyfacts/CIK0000320193.json", "0000320193", 24_579],
    ["C_sec/companyfacts/snow_facts.json", "0001640147", 8163],
  ] as const) {
    it(`is read to the last row: ${file}`, function () {
      const bytes = recordedBytes(this, file);
      const into = new FactRows();
      const facts = readCompanyFacts(bytes, into, today, issuerId);
      assert.deepEqual([facts.facts, facts.rejected], [count, 0]);
      assert.deepEqual(lines(into), linesOf(issuerId, JSON.parse(bytes.toString("utf8")) as Body));
    });
  }

  it("is read like JSON.parse reads it, whatever its spaces, escapes and order of members", () => {
    const day = fc
      .integer({ min: 0, max: today - 1 })
      .map((number) => fromDayNumber(number) as string);
    const rows = fc.uniqueArray(
      fc.record({
        start: fc.option(fc.constant("1970-01-01"), { nil: undefined }),
        end: day,
        val: fc.oneof(fc.integer(), fc.double({ min: -1e12, max: 1e12, noNaN: true })),
        accn: fc
          .integer({ min: 0, max: 999_999 })
          .map((number) => `0000000099-20-${String(number).padStart(6, "0")}`),
        fp: fc.string(),
        form: fc.constantFrom("10-K", "10-Q/A", "8-K"),
        filed: day,
      }),
      { selector: ({ accn }) => accn },
    );
    fc.assert(
      fc.property(rows, fc.constantFrom(undefined, 2, "\t"), fc.string(), (all, spaces, label) => {
        const text = JSON.stringify(
          { facts: { "us-gaap": { Assets: { label, units: { USD: all } } } }, cik: "0000000099" },
          null,
          spaces,
        );
        const { into } = read(text);
        // -0 prints as 0 in both.
        assert.deepEqual(lines(into), linesOf("0000000099", JSON.parse(text) as Body));
      }),
    );
  });

  it("may give its CIK as a number or as text with zeros in front", () => {
    assert.equal(read(body(row)).facts.issuerId, "0000000099");
    assert.equal(
      read(body(row).replace('"cik":99', '"cik":"0000000099"')).facts.issuerId,
      "0000000099",
    );
    assert.equal(read(body(row)).facts.name, 'A "quoted" näme');
  });

  it("may escape what need not be, and have members that nobody knows", () => {
    const unit = body({ ...row, form: "10-K/A", core: "x", vat: 1, notes: ["]"] }).replace(
      '"USD"',
      '"USD/shares"',
    );
    const { into } = read(unit.replaceAll("/", "\\/"));
    assert.deepEqual(lines(into), [
      "0000000099 us-gaap Assets USD/shares 2020-01-01 2020-03-31 5 0000000099-20-000001 10-K/A 2020-05-01",
    ]);
  });

  it("puts aside what is no fact, each with its reason, and goes on", () => {
    const flaws: [object, string][] = [
      [{ val: null }, "no_value"],
      [{ val: "5" }, "value_is_text"],
      [{ val: 9_007_199_254_740_994 }, "value_not_exact"],
      [{ end: "2020-02-30" }, "no_period"],
      [{ end: null }, "no_period"],
      [{ end: "2019-12-31" }, "end_before_start"],
      [{ accn: "99-20-1" }, "no_accession"],
      [{ filed: "soon" }, "no_filing_day"],
      [{ filed: "2026-03-02" }, "filed_in_future"],
    ];
    const { into, reasons } = read(body(...flaws.map(([flaw]) => ({ ...row, ...flaw })), row));
    assert.deepEqual(
      reasons,
      flaws.map(([, reason]) => reason),
    );
    assert.equal(into.rows, 1);
    assert.match(into.rejected[0]!.record, /^us-gaap:Assets USD \{.*"val":null/);
  });

  it("takes a fact that stands there twice once, and of two values the first", () => {
    const { into, reasons } = read(body(row, { ...row, frame: "CY2020Q1" }, { ...row, val: 6 }));
    assert.deepEqual([into.rows, into.value[0], reasons], [1, 5, ["two_values"]]);
  });

  it("that is cut, is no JSON, or is another company's gives nothing", () => {
    const whole = body(row, { ...row, accn: "0000000099-20-000002" });
    const into = new FactRows();
    for (let at = 0; at < whole.length; at += 7) {
      assert.throws(() => readCompanyFacts(Buffer.from(whole.slice(0, at)), into, today), {
        name: "MalformedRecord",
      });
    }
    for (const text of [
      "",
      "[]",
      "<html>",
      "{}",
      `${whole}x`,
      whole.replace('"val":5', '"val":05'),
    ]) {
      assert.throws(() => readCompanyFacts(Buffer.from(text), into, today), {
        name: "MalformedRecord",
      });
    }
    assert.throws(() => read(body(row), "0000000100"), /Expected the facts of 0000000100/);
    assert.deepEqual([into.rows, into.rejected.length], [0, 0]);
  });
});
