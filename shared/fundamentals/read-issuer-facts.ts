import { coded, numbers } from "../warehouse/native/column.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { IssuerFacts } from "./issuer-facts.ts";

/** Rows of one issuer, as they come. */
interface Growing {
  readonly names: Record<"concepts" | "units" | "forms", string[]>;
  readonly codes: Record<"concept" | "unit" | "form", number[]>;
  readonly columns: Record<"start" | "end" | "filed" | "value" | "known", number[]>;
}

/**
 * The facts of some issuers in some concepts, by issuer, each in the order in which they became known. A fact whose filing is not
 * held has no time, and is left out.
 */
export async function readIssuerFacts(
  warehouse: Warehouse,
  issuers: readonly string[],
  concepts: readonly string[],
): Promise<Map<string, IssuerFacts>> {
  const found = new Map<string, IssuerFacts>();
  if (issuers.length === 0) return found;
  const rows = warehouse.stream(
    `SELECT toLowCardinality(f.issuer_id) AS issuer, toLowCardinality(concat(f.taxonomy, ' ', f.concept)) AS concept, f.unit AS unit, f.form AS form,
       CAST(toInt32(f.period_start), 'Nullable(Float64)') AS start, toInt32(f.period_end) AS end, toInt32(f.filed) AS filed, f.value AS value,
       toFloat64(t.at) AS known
     FROM (SELECT * FROM facts WHERE issuer_id IN {issuers:Array(String)} AND concept IN {concepts:Array(String)}) AS f
     INNER JOIN (
       SELECT issuer_id, accession, toUnixTimestamp(argMax(known_at, rank)) AS at FROM filings
       WHERE issuer_id IN {issuers:Array(String)} GROUP BY issuer_id, accession
     ) AS t ON f.issuer_id = t.issuer_id AND f.accession = t.accession
     ORDER BY f.issuer_id, known, f.accession, f.concept, f.unit, f.period_end, f.period_start`,
    { issuers, concepts },
  );
  let issuer: string | undefined;
  let growing = begin();
  const end = (): void => {
    if (issuer !== undefined) found.set(issuer, close(growing));
    growing = begin();
  };
  for await (const block of rows) {
    const ids = coded(block, "issuer");
    const texts = {
      concept: coded(block, "concept"),
      unit: coded(block, "unit"),
      form: coded(block, "form"),
    };
    const values = {
      start: numbers(block, "start"),
      end: numbers(block, "end"),
      filed: numbers(block, "filed"),
      value: numbers(block, "value"),
      known: numbers(block, "known"),
    };
    for (let row = 0; row < block.rows; row++) {
      const id = ids.dictionary[ids.codes[row]!]!;
      if (id !== issuer) {
        end();
        issuer = id;
      }
      const { codes, names, columns } = growing;
      codes.concept.push(
        codeOf(names.concepts, texts.concept.dictionary[texts.concept.codes[row]!]!),
      );
      codes.unit.push(codeOf(names.units, texts.unit.dictionary[texts.unit.codes[row]!]!));
      codes.form.push(codeOf(names.forms, texts.form.dictionary[texts.form.codes[row]!]!));
      columns.start.push(values.start[row]!);
      columns.end.push(values.end[row]!);
      columns.filed.push(values.filed[row]!);
      columns.value.push(values.value[row]!);
      columns.known.push(values.known[row]!);
    }
  }
  end();
  return found;
}

function begin(): Growing {
  return {
    names: { concepts: [], units: [], forms: [] },
    codes: { concept: [], unit: [], form: [] },
    columns: { start: [], end: [], filed: [], value: [], known: [] },
  };
}

/** The number of a name among a hundred at most. */
function codeOf(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known >= 0 ? known : names.push(name) - 1;
}

function close({ names, codes, columns }: Growing): IssuerFacts {
  return {
    ...names,
    concept: Uint16Array.from(codes.concept),
    unit: Uint16Array.from(codes.unit),
    form: Uint16Array.from(codes.form),
    start: Float64Array.from(columns.start),
    end: Int32Array.from(columns.end),
    filed: Int32Array.from(columns.filed),
    value: Float64Array.from(columns.value),
    known: Float64Array.from(columns.known),
  };
}
