import type { Fact } from "../../shared/fundamentals/fact.ts";
import { dayNumber, fromDayNumber, parseTradingDay } from "../../shared/market/trading-day.ts";
import { readCompanyFacts } from "../../shared/sources/edgar/company-facts.ts";
import { FactRows } from "../../shared/sources/edgar/fact-rows.ts";
import { knownByFilingDay } from "../../shared/sources/edgar/known-at.ts";
import { readSubmissions } from "../../shared/sources/edgar/submissions.ts";

/** A recorded company's facts, known as its submissions tell, else by their filing days. */
export function factsOf(body: Buffer, submissions?: Buffer): Fact[] {
  const rows = new FactRows();
  readCompanyFacts(body, rows, dayNumber(parseTradingDay("2026-03-01")));
  const known = new Map(
    (submissions ? readSubmissions(submissions).filings : []).map((one) => [one.accession, one]),
  );
  return Array.from({ length: rows.rows }, (_, row): Fact => {
    const accession = rows.accessions.texts[rows.accession[row]!]!;
    const filing = known.get(accession);
    const filed = rows.filed[row]!;
    return {
      taxonomy: rows.taxonomies.texts[rows.taxonomy[row]!]!,
      concept: rows.concepts.texts[rows.concept[row]!]!,
      unit: rows.units.texts[rows.unit[row]!]!,
      start: rows.start[row]!,
      end: rows.end[row]!,
      value: rows.value[row]!,
      accession,
      form: rows.forms.texts[rows.form[row]!]!,
      filed,
      knownMs: filing?.knownMs ?? knownByFilingDay(fromDayNumber(filed)),
      knownBy: filing?.knownBy ?? "filing day",
    };
  });
}
