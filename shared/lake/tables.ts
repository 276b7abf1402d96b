import type { TableDefinition } from "./iceberg/table.ts";
import type { LakeColumn, PartitionField } from "./iceberg/schema.ts";

/** A table that is published: what it is in the lake, and what it is made of here. */
export interface PublishedTable extends TableDefinition {
  /** Tables of the warehouse whose rows it is made of. */
  readonly sources: readonly string[];
  /** SELECT of the columns in their order, of what was known at `{asOf:DateTime('UTC')}`. */
  readonly select: string;
  /** Rows of a file stand in this order. */
  readonly order: string;
  /** A partition's value, by the name of its field, as SQL over the columns. */
  readonly partitionSql: Readonly<Record<string, string>>;
}

/** Columns with ids by their places: never changed, only added to. */
const columns = (
  ...all: readonly (readonly [
    name: string,
    type: LakeColumn["type"],
    required: boolean,
    doc: string,
  ])[]
): LakeColumn[] =>
  all.map(([name, type, required, doc], at) => ({ id: at + 1, name, type, required, doc }));

const year = (name: string, source: number, id = 1000): PartitionField => ({
  source,
  id,
  name,
  transform: "year",
});
const yearsSince1970 = (column: string): string => `toInt32(toYear(${column})) - 1970`;
const micros = (column: string): string => `toDateTime64(${column}, 6, 'UTC')`;

export const publishedTables = {
  factor_values: {
    name: "factor_values",
    columns: columns(
      ["factor", "string", true, "name of the factor"],
      ["version", "int", true, "version of its definition"],
      ["security_id", "string", true, "security"],
      ["day", "date", true, "known at this day's close in New York"],
      ["value", "double", true, "value of the factor"],
    ),
    partitions: [
      { source: 1, id: 1000, name: "factor", transform: "identity" },
      year("day_year", 4, 1001),
    ],
    sources: ["factor_values"],
    select: `SELECT toString(factor) AS factor, toInt32(version) AS version, toString(security_id) AS security_id, day, value
      FROM factor_values FINAL WHERE day <= toDate({asOf:DateTime('UTC')}, 'America/New_York')`,
    order: "day, security_id, version",
    partitionSql: { factor: "factor", day_year: yearsSince1970("day") },
  },
  evaluations: {
    name: "evaluations",
    columns: columns(
      ["evaluation_id", "string", true, "hash of what was evaluated, and how"],
      ["factor", "string", true, "name of the factor"],
      ["version", "string", true, "version of its definition, or hash of its values"],
      ["parameters", "string", true, "how, as JSON"],
      ["result", "string", true, "every statistic, as JSON"],
      ["evaluated_at", "timestamptz", true, "when"],
    ),
    partitions: [],
    sources: ["evaluations"],
    select: `SELECT evaluation_id, toString(factor) AS factor, version, parameters, result, ${micros("ingested_at")} AS evaluated_at
      FROM evaluations FINAL WHERE ingested_at <= {asOf:DateTime('UTC')}`,
    order: "factor, evaluation_id",
    partitionSql: {},
  },
  bars: {
    name: "bars",
    columns: columns(
      ["source", "string", true, "who told it"],
      ["security_id", "string", true, "security"],
      ["day", "date", true, "session"],
      ["known_at", "timestamptz", true, "from when on it was known"],
      ["revision", "int", true, "0 as first stored"],
      ["open", "double", false, "price, US dollars"],
      ["high", "double", false, "price, US dollars"],
      ["low", "double", false, "price, US dollars"],
      ["close", "double", true, "price, US dollars"],
      ["volume", "double", false, "shares"],
    ),
    partitions: [year("day_year", 3)],
    sources: ["bars"],
    select: `SELECT toString(source) AS source, toString(security_id) AS security_id, day, ${micros("known_at")} AS known_at,
        toInt32(revision) AS revision, open, high, low, close, volume
      FROM bars FINAL WHERE bars.known_at <= {asOf:DateTime('UTC')}`,
    order: "day, security_id, source, known_at, revision",
    partitionSql: { day_year: yearsSince1970("day") },
  },
  facts: {
    name: "facts",
    columns: columns(
      ["source", "string", true, "who told it"],
      ["issuer_id", "string", true, "CIK of ten digits"],
      ["taxonomy", "string", true, "us-gaap, ifrs-full, dei, ..."],
      ["concept", "string", true, "as the company tagged it"],
      ["unit", "string", true, "USD, shares, ..."],
      ["period_start", "date", false, "missing for an instant"],
      ["period_end", "date", true, "what it is about"],
      ["value", "double", true, "as reported"],
      ["accession", "string", true, "the filing that says so"],
      ["form", "string", true, "its form"],
      ["filed", "date", true, "its filing day"],
      ["known_at", "timestamptz", true, "from when on it was known"],
    ),
    partitions: [year("period_year", 7)],
    sources: ["facts", "filings"],
    // What nobody knows the time of is not published.
    select: `SELECT toString(f.source) AS source, toString(f.issuer_id) AS issuer_id, toString(taxonomy) AS taxonomy, toString(concept) AS concept,
        toString(unit) AS unit, period_start, period_end, value, f.accession AS accession, toString(f.form) AS form, f.filed AS filed,
        ${micros("k.known")} AS known_at
      FROM facts AS f
      INNER JOIN (SELECT issuer_id, accession, max(filings.known_at) AS known FROM filings FINAL GROUP BY issuer_id, accession) AS k
        ON f.issuer_id = k.issuer_id AND f.accession = k.accession
      WHERE k.known <= {asOf:DateTime('UTC')}`,
    order: "issuer_id, taxonomy, concept, unit, period_end, period_start, accession, source, value",
    partitionSql: { period_year: yearsSince1970("period_end") },
  },
} as const satisfies Record<string, PublishedTable>;

export type PublishedName = keyof typeof publishedTables;
export const publishedNames = Object.keys(publishedTables) as PublishedName[];
