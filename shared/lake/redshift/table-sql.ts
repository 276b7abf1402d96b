import { published, type PublishedName } from "../../catalogue.ts";
import type { IcebergType, LakeColumn } from "../iceberg/schema.ts";
import { publishedTables, type PublishedTable } from "../tables.ts";

/** Types of Redshift; times are in UTC. */
const types: Readonly<Record<Exclude<IcebergType, "string">, string>> = {
  boolean: "BOOLEAN",
  int: "INTEGER",
  long: "BIGINT",
  double: "DOUBLE PRECISION",
  date: "DATE",
  timestamptz: "TIMESTAMP",
};

/** Bytes that a text may have, where it may have more than `usualBytes`. */
const wide: Readonly<Record<string, number>> = { parameters: 65_535, result: 65_535 };
const usualBytes = 512;

/** Bytes that a column's texts may have. */
export const bytesOf = ({ name }: Pick<LakeColumn, "name">): number => wide[name] ?? usualBytes;

const typeOf = (column: LakeColumn): string =>
  column.type === "string" ? `VARCHAR(${bytesOf(column)})` : types[column.type];

/** How a column of Redshift calls itself in `svv_columns`. */
export const toldType = ({ type }: LakeColumn): string =>
  ({
    boolean: "boolean",
    int: "integer",
    long: "bigint",
    double: "double precision",
    string: "character varying",
    date: "date",
    timestamptz: "timestamp without time zone",
  })[type];

/**
 * Where rows lie. What is joined by security lies together by security, what is joined by issuer by issuer; small tables lie on every
 * node. Rows stand by what nearly every question names, so that blocks of other factors and days are not read.
 */
const places: Readonly<Record<PublishedName, string>> = {
  factor_values: "DISTSTYLE KEY DISTKEY (security_id) COMPOUND SORTKEY (factor, day)",
  exposures: "DISTSTYLE KEY DISTKEY (security_id) COMPOUND SORTKEY (universe, factor, day)",
  bars: "DISTSTYLE KEY DISTKEY (security_id) COMPOUND SORTKEY (day, security_id)",
  facts: "DISTSTYLE KEY DISTKEY (issuer_id) COMPOUND SORTKEY (issuer_id, concept, period_end)",
  scores: "DISTSTYLE EVEN COMPOUND SORTKEY (known_at)",
  evaluations: "DISTSTYLE ALL SORTKEY (factor)",
  evaluation_horizons: "DISTSTYLE ALL SORTKEY (factor)",
  runs: "DISTSTYLE ALL SORTKEY (started_at)",
  publishes: "DISTSTYLE ALL SORTKEY (published_at)",
};

/** The schema of all tables. */
export const schema = "quarry";

export const columnsOf = (name: PublishedName): readonly LakeColumn[] =>
  (publishedTables[name] as PublishedTable).columns;

/** A name that may be one of Redshift's words: `open` is. */
export const quoted = (name: string): string => `"${name}"`;

const column = (one: LakeColumn): string =>
  `${quoted(one.name)} ${typeOf(one)}${one.required ? " NOT NULL" : ""}`;

/** Statements that make a published table, for its class's readers and for whoever publishes. */
export function createTable(name: PublishedName): string[] {
  const columns = columnsOf(name).map(column).join(", ");
  return [
    `CREATE TABLE IF NOT EXISTS ${schema}.${name} (${columns}) ${places[name]}`,
    `GRANT SELECT ON ${schema}.${name} TO ROLE quarry_reader_${published[name].class}`,
    `GRANT ALL ON ${schema}.${name} TO ROLE quarry_writer`,
  ];
}

/** Statements that make what Quarry keeps of its own: what lies in which partition, and each transaction that was done. */
export const createBooks: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS ${schema}.partitions (table_name VARCHAR(64) NOT NULL, partition_name VARCHAR(512) NOT NULL, content VARCHAR(64) NOT NULL, row_count BIGINT NOT NULL) DISTSTYLE ALL SORTKEY (table_name)`,
  `GRANT ALL ON ${schema}.partitions TO ROLE quarry_writer`,
  `CREATE TABLE IF NOT EXISTS ${schema}.transactions (table_name VARCHAR(64) NOT NULL, place INTEGER NOT NULL, publish_id VARCHAR(64) NOT NULL, run_id VARCHAR(128) NOT NULL, code_version VARCHAR(128) NOT NULL, as_of TIMESTAMP, row_count BIGINT NOT NULL, source VARCHAR(64) NOT NULL, done_at TIMESTAMP NOT NULL) DISTSTYLE ALL SORTKEY (table_name)`,
  `GRANT ALL ON ${schema}.transactions TO ROLE quarry_writer`,
];

/** A column that came later: rows of before have none of it. */
export const addColumn = (name: PublishedName, one: LakeColumn): string =>
  `ALTER TABLE ${schema}.${name} ADD COLUMN ${column({ ...one, required: false })}`;
