-- Documents of filings as they were sent, and the text of reports by item; their times stand in filings.

CREATE TABLE IF NOT EXISTS filing_documents (
  source      LowCardinality(String),
  issuer_id   String COMMENT 'CIK of ten digits',
  accession   String,
  document    String COMMENT 'file name in the filing''s folder; the whole submission where there is none',
  kind        LowCardinality(String) COMMENT 'main | exhibit',
  media_type  LowCardinality(String),
  byte_length UInt32,
  text_length UInt32 COMMENT 'characters; 0 where the text was not read',
  capture     String COMMENT 'content hash of the bytes',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (issuer_id, accession, document);

CREATE TABLE IF NOT EXISTS filing_items (
  source      LowCardinality(String),
  issuer_id   String,
  accession   String,
  item        LowCardinality(String) COMMENT '1A, 7; of a quarterly report with its part: I-2, II-1A',
  title       String,
  text        String CODEC(ZSTD(3)),
  capture     String,
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (issuer_id, accession, item);
