-- What companies report, by whom, and when the market could know it.

CREATE TABLE IF NOT EXISTS filings (
  source           LowCardinality(String),
  issuer_id        String COMMENT 'CIK of ten digits',
  accession        String,
  form             LowCardinality(String),
  filed            Date,
  known_at         DateTime('UTC'),
  known_by         LowCardinality(String) COMMENT 'acceptance | filing day: the end of that day, while nobody tells more',
  rank             UInt8 COMMENT '1 by acceptance, 0 by filing day: the better time stays',
  period_end       Nullable(Date32),
  primary_document String,
  items            String COMMENT 'of an 8-K',
  capture          LowCardinality(String),
  run_id           LowCardinality(String),
  ingested_at      DateTime('UTC')
) ENGINE = ReplacingMergeTree(rank) ORDER BY (issuer_id, accession);

CREATE TABLE IF NOT EXISTS facts (
  source       LowCardinality(String),
  issuer_id    LowCardinality(String),
  taxonomy     LowCardinality(String),
  concept      LowCardinality(String),
  unit         LowCardinality(String),
  period_start Nullable(Date32) COMMENT 'null for an instant',
  period_end   Date32,
  value        Float64,
  accession    String COMMENT 'its time stands in filings',
  form         LowCardinality(String),
  filed        Date,
  capture      LowCardinality(String),
  run_id       LowCardinality(String),
  ingested_at  DateTime('UTC')
) ENGINE = MergeTree ORDER BY (issuer_id, concept, taxonomy, unit, period_end, period_start, accession)
SETTINGS allow_nullable_key = 1;

CREATE TABLE IF NOT EXISTS fact_flags (
  issuer_id    String,
  taxonomy     LowCardinality(String),
  concept      String,
  unit         LowCardinality(String),
  period_start Nullable(Date32),
  period_end   Date32,
  accession    String,
  flag         LowCardinality(String) COMMENT 'changed | vanished: a newer load of the same filing says otherwise, and the fact stays as it was',
  value        Float64 COMMENT 'as it stands in facts',
  new_value    Nullable(Float64),
  capture      LowCardinality(String),
  run_id       LowCardinality(String),
  ingested_at  DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (issuer_id, concept, taxonomy, unit, period_end, accession, flag, period_start, ifNull(new_value, nan))
SETTINGS allow_nullable_key = 1;

CREATE TABLE IF NOT EXISTS issuer_attributes (
  source      LowCardinality(String),
  issuer_id   String,
  attribute   LowCardinality(String) COMMENT 'name | ticker | exchange | sic | sic_description',
  value       String,
  from_day    Nullable(Date32) COMMENT 'null where the source does not say',
  to_day      Nullable(Date32) COMMENT 'null while it lasts',
  known_at    DateTime('UTC') COMMENT 'of a former name the day it began; else when it was first seen',
  capture     LowCardinality(String),
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (issuer_id, attribute, value, known_at);
