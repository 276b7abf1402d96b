-- Lists of securities by ticker, universes and groups, as changes with the time from which each was known.

CREATE TABLE IF NOT EXISTS memberships (
  list        LowCardinality(String) COMMENT 'name of the universe or of the grouping',
  ticker      String COMMENT 'share classes with a dot: BRK.B',
  day         Date COMMENT 'from this day on',
  member_of   LowCardinality(String) COMMENT 'the group; the name of the list where it has no groups; empty: in it no longer',
  known_at    DateTime('UTC'),
  capture     String COMMENT 'content hash of the file',
  run_id      LowCardinality(String),
  ingested_at DateTime('UTC')
) ENGINE = ReplacingMergeTree(ingested_at) ORDER BY (list, ticker, day, known_at, member_of);
