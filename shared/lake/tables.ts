import type { PublishedName } from "../catalogue.ts";
import type { TableDefinition } from "./iceberg/table.ts";
import type { LakeColumn, PartitionField } from "./iceberg/schema.ts";

/** A table that is published: what it is in the lake, and what it is made of here. */
export interface PublishedTable extends TableDefinition {
  /** Tables of the warehouse whose rows it is made of. */
  readonly sources: readonly string[];
  /**
   * SELECT of the columns in their order, of what was known at `{asOf:DateTime('UTC')}`; of what goes to `{target:String}`, where rows
   * are of one target, and of all where that is empty.
   */
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

const told = (path: string): string => `JSONExtract(result, ${path}, 'Nullable(Float64)')`;

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
  exposures: {
    name: "exposures",
    columns: columns(
      ["universe", "string", true, "names over which it is scored: a list, or all"],
      ["factor", "string", true, "name of the factor"],
      ["version", "int", true, "version of its definition"],
      ["security_id", "string", true, "security"],
      ["day", "date", true, "known at this day's close in New York"],
      ["exposure", "double", true, "standard score over the universe's names of the day"],
    ),
    partitions: [
      { source: 1, id: 1000, name: "universe", transform: "identity" },
      { source: 2, id: 1001, name: "factor", transform: "identity" },
      year("day_year", 5, 1002),
    ],
    sources: ["exposures"],
    select: `SELECT toString(universe) AS universe, toString(factor) AS factor, toInt32(version) AS version,
        toString(security_id) AS security_id, day, exposure
      FROM exposures FINAL WHERE day <= toDate({asOf:DateTime('UTC')}, 'America/New_York')`,
    order: "day, security_id, version",
    partitionSql: { universe: "universe", factor: "factor", day_year: yearsSince1970("day") },
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
  evaluation_horizons: {
    name: "evaluation_horizons",
    columns: columns(
      ["evaluation_id", "string", true, "hash of what was evaluated, and how"],
      ["factor", "string", true, "name of the factor"],
      ["version", "string", true, "version of its definition, or hash of its values"],
      ["horizon", "int", true, "sessions of the return"],
      ["delay", "int", false, "sessions between the factor's day and the trade"],
      ["days", "int", false, "days on which the information coefficient is defined"],
      ["ic_mean", "double", false, "mean rank information coefficient"],
      ["ic_ir", "double", false, "mean by deviation over days"],
      ["t_hac", "double", false, "Newey and West's t of the mean"],
      ["p_hac", "double", false, "p of a test that holds under overlap"],
      ["p_adjusted", "double", false, "the same, for all trials together"],
      ["passed", "boolean", false, "told from luck at the accepted share of false discoveries"],
      ["spread_mean", "double", false, "top less bottom quantile, over the horizon"],
      [
        "sharpe_net",
        "double",
        false,
        "of the traded portfolio in the declared direction, after cost",
      ],
      ["rank_autocorrelation", "double", false, "of ranks one horizon apart"],
      ["evaluated_at", "timestamptz", true, "when"],
    ),
    partitions: [],
    sources: ["evaluations"],
    select: `SELECT evaluation_id, toString(factor) AS factor, version, toInt32(h) AS horizon,
        JSONExtract(result, 'delay', 'Nullable(Int32)') AS delay, JSONExtract(result, 'ic', h, 'days', 'Nullable(Int32)') AS days,
        ${told("'ic', h, 'mean'")} AS ic_mean, ${told("'ic', h, 'ir'")} AS ic_ir, ${told("'ic', h, 't_hac'")} AS t_hac,
        ${told("'ic', h, 'p_hac'")} AS p_hac, ${told("'fdr', 'p_adjusted', h")} AS p_adjusted,
        JSONExtract(result, 'fdr', 'rejected', h, 'Nullable(Bool)') AS passed, ${told("'spread', h, 'mean'")} AS spread_mean,
        ${told("'declared', 'net_sharpe', h")} AS sharpe_net, ${told("'rank_autocorrelation', h")} AS rank_autocorrelation,
        ${micros("ingested_at")} AS evaluated_at
      FROM evaluations FINAL ARRAY JOIN JSONExtractArrayRaw(result, 'horizons') AS h
      WHERE ingested_at <= {asOf:DateTime('UTC')}`,
    order: "factor, evaluation_id, horizon",
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
  scores: {
    name: "scores",
    columns: columns(
      ["task", "string", true, "sentiment, report, proxy"],
      ["subject", "string", true, "article, report, or filing that was scored"],
      ["document", "string", true, "content hash of its text"],
      ["score_set", "string", true, "prompt and model: scores that can be compared"],
      ["provider", "string", true, "who runs the model"],
      ["model", "string", true, "the model"],
      ["state", "string", true, "scored, refused, invalid, too_long"],
      ["value", "double", false, "the score"],
      ["tokens_in", "long", true, "tokens of the question"],
      ["tokens_out", "long", true, "tokens of the answer"],
      ["cost_usd", "double", false, "US dollars; missing where no price is known"],
      ["known_at", "timestamptz", true, "of the text, not of the score"],
      ["scored_at", "timestamptz", true, "when it was bought"],
      ["run_id", "string", true, "run that brought it in"],
    ),
    partitions: [year("known_year", 12)],
    sources: ["scores"],
    select: `SELECT toString(task) AS task, subject, document, toString(score_set) AS score_set, toString(provider) AS provider,
        toString(model) AS model, toString(state) AS state, value, toInt64(tokens_in) AS tokens_in, toInt64(tokens_out) AS tokens_out,
        cost_usd, ${micros("scores.known_at")} AS known_at, ${micros("scores.scored_at")} AS scored_at, toString(run_id) AS run_id
      FROM scores FINAL WHERE scores.known_at <= {asOf:DateTime('UTC')}`,
    order: "known_at, task, subject, score_set",
    partitionSql: { known_year: yearsSince1970("known_at") },
  },
  runs: {
    name: "runs",
    columns: columns(
      ["run_id", "string", true, "the run"],
      ["command", "string", true, "what was asked for"],
      ["code_version", "string", true, "version of the code, and commit"],
      ["state", "string", true, "done, failed, cancelled"],
      ["started_at", "timestamptz", true, "when it began"],
      ["ended_at", "timestamptz", false, "when it ended"],
    ),
    partitions: [],
    sources: ["runs"],
    // Publishes stand in a table of their own: else each would be something new to publish.
    select: `SELECT run_id, toString(command) AS command, code_version, toString(state) AS state, ${micros("runs.started_at")} AS started_at,
        toDateTime64(runs.ended_at, 6, 'UTC') AS ended_at
      FROM runs FINAL WHERE state != 'running' AND command != 'publish' AND runs.ended_at <= {asOf:DateTime('UTC')}`,
    order: "started_at, run_id",
    partitionSql: {},
  },
  publishes: {
    name: "publishes",
    columns: columns(
      ["table_name", "string", true, "table that was changed"],
      ["snapshot_id", "string", true, "Iceberg's snapshot, or the id of the transaction"],
      ["run_id", "string", true, "run that changed it"],
      ["code_version", "string", true, "version of the code, and commit"],
      ["as_of", "timestamptz", false, "what was known then; missing: all that was known"],
      ["row_count", "long", true, "rows of the table after it"],
      ["published_at", "timestamptz", true, "when"],
    ),
    partitions: [],
    sources: ["publishes"],
    select: `SELECT toString(table_name) AS table_name, snapshot_id, run_id, code_version, toDateTime64(publishes.as_of, 6, 'UTC') AS as_of,
        toInt64(rows) AS row_count, ${micros("publishes.published_at")} AS published_at
      FROM publishes FINAL WHERE {target:String} IN ('', target)`,
    order: "published_at, table_name, snapshot_id",
    partitionSql: {},
  },
} as const satisfies Record<PublishedName, PublishedTable>;

export type { PublishedName };
export const publishedNames = Object.keys(publishedTables) as PublishedName[];

/** Tables that somebody may ask to publish: that of publishes follows by itself. */
export const datasetNames = publishedNames.filter((name) => name !== "publishes");
