-- Text, and numbers that were made of it. Texts are known from their publication; numbers of them too, whenever they were bought.

CREATE TABLE IF NOT EXISTS articles (
  source       LowCardinality(String),
  article_id   String COMMENT 'content hash of the address',
  story        String COMMENT 'article_id of the first article that says nearly the same',
  url          String,
  title        String,
  text         String CODEC(ZSTD(3)),
  publisher    LowCardinality(String) COMMENT 'host of the address',
  topic        LowCardinality(String) COMMENT 'news | finance | general | archive',
  published_at Nullable(DateTime('UTC')) COMMENT 'as the publisher says; null: undated, kept apart',
  first_seen   DateTime('UTC') COMMENT 'when it was seen here first',
  known_at     DateTime('UTC') COMMENT 'published_at; of an undated one first_seen',
  capture      String COMMENT 'content hash of the reply or file',
  run_id       LowCardinality(String),
  ingested_at  DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (source, article_id);

CREATE TABLE IF NOT EXISTS article_links (
  article_id  String,
  security_id String,
  reason      LowCardinality(String) COMMENT 'ticker in title | ticker in text | name in title | name in text | as imported',
  known_at    DateTime('UTC') COMMENT 'of the article',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (article_id, security_id);

CREATE TABLE IF NOT EXISTS scores (
  score_key   String COMMENT 'of the ledger in the object store, where all of it stands',
  task        LowCardinality(String) COMMENT 'sentiment | report | proxy',
  subject     String COMMENT 'article_id, report_id, or CIK and accession',
  document    String COMMENT 'content hash of the text that was scored',
  score_set   LowCardinality(String) COMMENT 'prompt, first digits of its hash, and model: scores that can be compared',
  prompt      String COMMENT 'content hash',
  provider    LowCardinality(String),
  model       LowCardinality(String),
  state       LowCardinality(String) COMMENT 'scored | refused | invalid | too_long; only scored has a value',
  reason      String,
  value       Nullable(Float64),
  tokens_in   UInt32,
  tokens_out  UInt32,
  cost_usd    Nullable(Float64),
  latency_ms  UInt32,
  known_at    DateTime('UTC') COMMENT 'of the text, not of the score',
  scored_at   DateTime('UTC'),
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (task, subject, score_set);

CREATE TABLE IF NOT EXISTS reports (
  report_id   String COMMENT 'content hash of the PDF',
  security_id String,
  ticker      LowCardinality(String),
  period_end  Date,
  file        String,
  pages       UInt32,
  scanned     Array(UInt32) COMMENT 'pages without text',
  score_set   LowCardinality(String),
  score_key   String,
  state       LowCardinality(String) COMMENT 'scored | refused | invalid | unread',
  reason      String,
  report      String COMMENT 'JSON: items with key data and their quotes, assessment, recommendation; empty where there is none' CODEC(ZSTD(3)),
  known_at    DateTime('UTC') COMMENT 'end of the published day, else when the file came',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (security_id, period_end, report_id, score_set);

CREATE TABLE IF NOT EXISTS text_signals (
  subject     String COMMENT 'security_id, or CIK of ten digits',
  signal      LowCardinality(String),
  score_set   LowCardinality(String) COMMENT 'scores that it was made of; empty where no model was asked',
  document    String COMMENT 'accession or report_id',
  period_end  Date COMMENT 'what it is about',
  value       Float64,
  known_at    DateTime('UTC') COMMENT 'of the document',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (subject, signal, score_set, document);
