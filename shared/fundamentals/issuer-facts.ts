import type { Fact } from "./fact.ts";

/** An issuer's facts of some concepts by columns, in the order in which they became known. */
export interface IssuerFacts {
  /** `us-gaap Assets` */
  readonly concepts: readonly string[];
  readonly units: readonly string[];
  readonly forms: readonly string[];
  readonly concept: Uint16Array;
  readonly unit: Uint16Array;
  readonly form: Uint16Array;
  /** Days since 1970; NaN for an instant. */
  readonly start: Float64Array;
  readonly end: Int32Array;
  readonly filed: Int32Array;
  readonly value: Float64Array;
  /** Seconds since 1970 UTC. */
  readonly known: Float64Array;
}

/** The facts one by one. Their accessions are left out: their order tells what came later. */
export function factsFrom(columns: IssuerFacts): Fact[] {
  const names = columns.concepts.map((name) => name.split(" ") as [string, string]);
  return Array.from(columns.value, (value, row) => {
    const [taxonomy, concept] = names[columns.concept[row]!]!;
    return {
      taxonomy,
      concept,
      unit: columns.units[columns.unit[row]!]!,
      start: columns.start[row]!,
      end: columns.end[row]!,
      value,
      accession: "",
      form: columns.forms[columns.form[row]!]!,
      filed: columns.filed[row]!,
      knownMs: columns.known[row]! * 1000,
      knownBy: "",
    };
  });
}
