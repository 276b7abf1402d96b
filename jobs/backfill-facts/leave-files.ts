import { putColumnFile, type ColumnFile } from "../../shared/backfill/column-files.ts";
import { dayNumber, fromDayNumber } from "../../shared/market/trading-day.ts";
import type { ObjectStore } from "../../shared/objects/object-store.ts";
import type { FactRows, RejectedFact } from "../../shared/sources/edgar/fact-rows.ts";
import { knownByFilingDay } from "../../shared/sources/edgar/known-at.ts";
import type { Filing, Submissions } from "../../shared/sources/edgar/submissions.ts";
import type { CodeArray } from "../../shared/warehouse/native/column.ts";
import type { WriteColumn } from "../../shared/warehouse/native/writer.ts";

// What EDGAR's bodies become: column files of four tables, and of what was put aside.

const dataset = "facts";

/** A filing, and whose it is. */
export interface IssuerFiling extends Filing {
  readonly issuerId: string;
  readonly capture: string;
}

/** Texts as codes into those that occur. */
function coding(name: string, all: readonly string[]): WriteColumn {
  const codes = new Map<string, number>();
  for (const one of all) if (!codes.has(one)) codes.set(one, codes.size);
  return {
    name,
    type: "LowCardinality(String)",
    dictionary: [...codes.keys()],
    codes: Uint32Array.from(all, (one) => codes.get(one)!),
  };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/**
 * Leaves facts.
 *
 * @param captureOf content hash of the body that a company's facts were read from
 */
export function leaveFacts(
  objects: ObjectStore,
  facts: FactRows,
  captureOf: ReadonlyMap<string, string>,
): Promise<ColumnFile> {
  const { rows, issuers } = facts;
  const coded = (name: string, dictionary: readonly string[], codes: Uint32Array): WriteColumn => ({
    name,
    type: "LowCardinality(String)",
    dictionary,
    codes: narrowed(codes.subarray(0, rows), dictionary.length),
  });
  const captures = issuers.texts.map((issuerId) => captureOf.get(issuerId) ?? "");
  return putColumnFile(objects, dataset, "facts", [
    coded("issuer_id", issuers.texts, facts.issuer),
    coded("taxonomy", facts.taxonomies.texts, facts.taxonomy),
    coded("concept", facts.concepts.texts, facts.concept),
    coded("unit", facts.units.texts, facts.unit),
    { name: "period_start", type: "Nullable(Date32)", values: facts.start.subarray(0, rows) },
    { name: "period_end", type: "Date32", values: facts.end.subarray(0, rows) },
    { name: "value", type: "Float64", values: facts.value.subarray(0, rows) },
    coded("accession", facts.accessions.texts, facts.accession),
    coded("form", facts.forms.texts, facts.form),
    { name: "filed", type: "Date", values: facts.filed.subarray(0, rows) },
    coded("capture", captures, facts.issuer),
  ]);
}

/** Codes in as few bytes as their dictionary allows: they are most of what is written. */
function narrowed(codes: Uint32Array, names: number): CodeArray {
  if (names <= 2 ** 8) return new Uint8Array(codes);
  return names <= 2 ** 16 ? new Uint16Array(codes) : codes;
}

/** The filings that facts name, known by their days: what stands for them until somebody tells more. */
export function filingsOfFacts(
  facts: FactRows,
  captureOf: ReadonlyMap<string, string>,
  isTold: (issuerId: string, accession: string) => boolean = () => false,
): IssuerFiling[] {
  const seen = new Set<number>();
  const filings: IssuerFiling[] = [];
  const many = facts.accessions.texts.length + 1;
  for (let row = 0; row < facts.rows; row++) {
    const key = facts.issuer[row]! * many + facts.accession[row]!;
    if (seen.has(key)) continue;
    seen.add(key);
    const issuerId = facts.issuers.texts[facts.issuer[row]!]!;
    const accession = facts.accessions.texts[facts.accession[row]!]!;
    if (isTold(issuerId, accession)) continue;
    const filed = fromDayNumber(facts.filed[row]!);
    filings.push({
      issuerId,
      accession,
      form: facts.forms.texts[facts.form[row]!]!,
      filed,
      knownMs: knownByFilingDay(filed),
      knownBy: "filing day",
      periodEnd: undefined,
      primaryDocument: "",
      items: "",
      capture: captureOf.get(issuerId) ?? "",
    });
  }
  return filings;
}

/** Leaves filings. */
export function leaveFilings(
  objects: ObjectStore,
  filings: readonly IssuerFiling[],
): Promise<ColumnFile> {
  return putColumnFile(objects, dataset, "filings", [
    coding(
      "issuer_id",
      filings.map(({ issuerId }) => issuerId),
    ),
    { name: "accession", type: "String", text: filings.map(({ accession }) => accession) },
    coding(
      "form",
      filings.map(({ form }) => form),
    ),
    {
      name: "filed",
      type: "Date",
      values: Uint16Array.from(filings, ({ filed }) => dayNumber(filed)),
    },
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(filings, ({ knownMs }) => seconds(knownMs)),
    },
    coding(
      "known_by",
      filings.map(({ knownBy }) => knownBy),
    ),
    {
      name: "rank",
      type: "UInt8",
      values: Uint8Array.from(filings, ({ knownBy }) => (knownBy === "acceptance" ? 1 : 0)),
    },
    {
      name: "period_end",
      type: "Nullable(Date32)",
      values: Float64Array.from(filings, ({ periodEnd }) =>
        periodEnd ? dayNumber(periodEnd) : NaN,
      ),
    },
    {
      name: "primary_document",
      type: "String",
      text: filings.map(({ primaryDocument }) => primaryDocument),
    },
    { name: "items", type: "String", text: filings.map(({ items }) => items) },
    coding(
      "capture",
      filings.map(({ capture }) => capture),
    ),
  ]);
}

/** What is known of a company besides its books. */
export interface IssuerAttribute {
  readonly issuerId: string;
  readonly attribute: "name" | "ticker" | "exchange" | "sic" | "sic_description";
  readonly value: string;
  /** Days since 1970; NaN where nobody says. */
  readonly from: number;
  readonly to: number;
  readonly knownMs: number;
  readonly capture: string;
}

/**
 * A company's names, tickers and industry as its submissions tell them. A name is known from the day it began, where that
 * is told; all else only since it was seen.
 */
export function attributesOf(
  { issuerId, name, formerNames, tickers, sic, sicDescription }: Submissions,
  fetchedMs: number,
  capture: string,
): IssuerAttribute[] {
  const now = (
    attribute: IssuerAttribute["attribute"],
    value: string,
    from = NaN,
  ): IssuerAttribute => ({
    issuerId,
    attribute,
    value,
    from,
    to: NaN,
    knownMs: fetchedMs,
    capture,
  });
  const changed = formerNames
    .map(({ to }) => to)
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);
  return [
    ...(name === ""
      ? []
      : [
          {
            ...now("name", name, changed ? dayNumber(changed) : NaN),
            knownMs: changed ? Math.min(fetchedMs, knownByFilingDay(changed)) : fetchedMs,
          },
        ]),
    ...formerNames.map(({ name: former, from, to }): IssuerAttribute => ({
      ...now("name", former, from ? dayNumber(from) : NaN),
      to: to ? dayNumber(to) : NaN,
      knownMs: from ? Math.min(fetchedMs, knownByFilingDay(from)) : fetchedMs,
    })),
    ...tickers.flatMap(({ ticker, exchange }) => [
      now("ticker", ticker),
      ...(exchange === undefined ? [] : [now("exchange", `${ticker} ${exchange}`)]),
    ]),
    ...(sic === undefined ? [] : [now("sic", sic)]),
    ...(sicDescription === undefined ? [] : [now("sic_description", sicDescription)]),
  ];
}

/** Leaves attributes of companies. */
export function leaveAttributes(
  objects: ObjectStore,
  attributes: readonly IssuerAttribute[],
): Promise<ColumnFile> {
  return putColumnFile(objects, dataset, "issuer_attributes", [
    coding(
      "issuer_id",
      attributes.map(({ issuerId }) => issuerId),
    ),
    coding(
      "attribute",
      attributes.map(({ attribute }) => attribute),
    ),
    { name: "value", type: "String", text: attributes.map(({ value }) => value) },
    {
      name: "from_day",
      type: "Nullable(Date32)",
      values: Float64Array.from(attributes, ({ from }) => from),
    },
    {
      name: "to_day",
      type: "Nullable(Date32)",
      values: Float64Array.from(attributes, ({ to }) => to),
    },
    {
      name: "known_at",
      type: "DateTime('UTC')",
      values: Uint32Array.from(attributes, ({ knownMs }) => seconds(knownMs)),
    },
    coding(
      "capture",
      attributes.map(({ capture }) => capture),
    ),
  ]);
}

/** Leaves what was put aside. */
export function leaveRejected(
  objects: ObjectStore,
  rejected: readonly RejectedFact[],
  captureOf: ReadonlyMap<string, string>,
): Promise<ColumnFile> {
  return putColumnFile(objects, dataset, "quarantine", [
    coding(
      "origin",
      rejected.map(({ issuerId }) => issuerId),
    ),
    coding(
      "reason",
      rejected.map(({ reason }) => reason),
    ),
    { name: "record", type: "String", text: rejected.map(({ record }) => record.slice(0, 500)) },
    coding(
      "capture",
      rejected.map(({ issuerId }) => captureOf.get(issuerId) ?? ""),
    ),
  ]);
}

/** Leaves the numbers of the companies that were read. */
export function leaveCompanies(
  objects: ObjectStore,
  issuerIds: readonly string[],
): Promise<ColumnFile> {
  return putColumnFile(objects, dataset, "companies", [
    { name: "issuer_id", type: "String", text: issuerIds },
  ]);
}
