-- What portfolio systems take, and what was published where.

CREATE TABLE IF NOT EXISTS exposures (
  universe    LowCardinality(String) COMMENT 'list of the warehouse, or file and its hash; all: every security with a value',
  factor      LowCardinality(String),
  version     UInt16 COMMENT 'of the factor',
  security_id LowCardinality(String),
  day         Date COMMENT 'known at this day''s close in New York',
  exposure    Float64 COMMENT 'standard score over the universe''s names of the day',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) PARTITION BY (universe, factor, version, toYear(day)) ORDER BY (universe, factor, version, day, security_id);

CREATE TABLE IF NOT EXISTS publishes (
  target       String COMMENT 'the lake or database: its address',
  table_name   LowCardinality(String),
  snapshot_id  String COMMENT 'Iceberg''s snapshot, or the id of the transaction',
  run_id       String,
  code_version String,
  as_of        Nullable(DateTime('UTC')) COMMENT 'what was known then; null: all that was known',
  rows         UInt64 COMMENT 'of the table after it',
  published_at DateTime64(3, 'UTC'),
  ingested_at  DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (target, table_name, snapshot_id);
