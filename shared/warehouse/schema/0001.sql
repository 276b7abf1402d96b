-- The ground: who is traded, what it traded at, what we computed, what we judged.
-- Every row says when the world could know it (known_at) and when we did (ingested_at), both UTC.

CREATE TABLE IF NOT EXISTS sessions (
  day      Date,
  open_at  DateTime('UTC'),
  close_at DateTime('UTC') COMMENT 'earlier on half days'
) ENGINE = ReplacingMergeTree ORDER BY day;

CREATE TABLE IF NOT EXISTS loads (
  dataset     LowCardinality(String),
  source      LowCardinality(String),
  capture     String COMMENT 'content hash of what was loaded',
  origin      String COMMENT 'file name or url',
  rows        UInt64,
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (dataset, source, capture);

CREATE TABLE IF NOT EXISTS issuers (
  issuer_id   String COMMENT 'the CIK as ten digits, else the name a source gives',
  name        String,
  known_at    DateTime('UTC'),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (issuer_id, known_at);

CREATE TABLE IF NOT EXISTS securities (
  security_id LowCardinality(String) COMMENT 'ours, permanent: S000123',
  issuer_id   String COMMENT 'empty while no source says whose it is',
  source      LowCardinality(String) COMMENT 'the source that first named it',
  symbol      String COMMENT 'what that source called it',
  first_day   Date COMMENT 'first session that source knew',
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY security_id;

CREATE TABLE IF NOT EXISTS tickers (
  security_id LowCardinality(String),
  ticker      String,
  from_day    Date,
  to_day      Nullable(Date) COMMENT 'last day under this ticker; null while it lasts',
  known_at    DateTime('UTC'),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (security_id, ticker, from_day, known_at);

CREATE TABLE IF NOT EXISTS price_sources (
  source      LowCardinality(String),
  basis       LowCardinality(String) COMMENT 'raw | split-adjusted | total-return; events apply to raw only',
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY source;

CREATE TABLE IF NOT EXISTS bars (
  source      LowCardinality(String),
  security_id LowCardinality(String),
  day         Date,
  known_at    DateTime('UTC') COMMENT 'the close of the session; of a later revision, when it was seen',
  revision    UInt16 COMMENT '0 as first stored; a changed bar is a new row',
  open        Nullable(Float64),
  high        Nullable(Float64),
  low         Nullable(Float64),
  close       Float64,
  volume      Nullable(Float64) COMMENT 'shares',
  capture     LowCardinality(String) COMMENT 'content hash of the bytes it was read from',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) PARTITION BY toYear(day) ORDER BY (source, security_id, day, known_at);

CREATE TABLE IF NOT EXISTS corporate_actions (
  source      LowCardinality(String),
  security_id LowCardinality(String),
  ex_date     Date,
  kind        LowCardinality(String) COMMENT 'split | dividend | capital_gain | delisting',
  known_at    DateTime('UTC'),
  value       Nullable(Float64) COMMENT 'split: new shares for one old; dividend: currency per share as traded on the ex-date; delisting: return after the last price, null when unknown',
  capture     LowCardinality(String),
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (source, security_id, ex_date, kind, known_at);

CREATE TABLE IF NOT EXISTS factor_values (
  factor      LowCardinality(String),
  version     UInt16,
  security_id LowCardinality(String),
  day         Date,
  value       Float64,
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) PARTITION BY (factor, version, toYear(day)) ORDER BY (factor, version, security_id, day);

CREATE TABLE IF NOT EXISTS evaluations (
  evaluation_id String,
  factor        LowCardinality(String),
  version       String,
  parameters    String COMMENT 'JSON',
  result        String COMMENT 'JSON as docs/evaluation.md says',
  run_id        LowCardinality(String),
  ingested_at   DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (factor, evaluation_id);

CREATE TABLE IF NOT EXISTS trials (
  trial_id    String COMMENT 'hash of all that tells one trial from another',
  factor      LowCardinality(String),
  version     String COMMENT 'version of a library factor, hash of the values of an own signal',
  universe    String,
  from_day    Date,
  to_day      Date,
  horizon     UInt16 COMMENT 'sessions',
  delay       UInt16 COMMENT 'sessions',
  parameters  String COMMENT 'JSON',
  ic_mean     Nullable(Float64),
  t_hac       Nullable(Float64),
  p_hac       Nullable(Float64),
  sharpe      Nullable(Float64) COMMENT 'of the traded portfolio, per day, before cost',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY trial_id;

CREATE TABLE IF NOT EXISTS runs (
  run_id       String,
  command      LowCardinality(String),
  parameters   String COMMENT 'JSON',
  code_version String,
  state        LowCardinality(String) COMMENT 'running | done | failed | cancelled',
  report       String COMMENT 'JSON',
  started_at   DateTime64(3, 'UTC'),
  ended_at     Nullable(DateTime64(3, 'UTC')),
  ingested_at  DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY run_id;

CREATE TABLE IF NOT EXISTS quarantine (
  dataset     LowCardinality(String),
  source      LowCardinality(String),
  origin      String COMMENT 'file name or url',
  line        UInt64 COMMENT '1-based, the header is line 1; 0 where the origin has no lines',
  reason      LowCardinality(String),
  record      String,
  capture     LowCardinality(String),
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (dataset, source, capture, line, reason, record);
