-- An index of the ledger, made anew from the receipts in the object store after each run: for questions, never for decisions.
CREATE TABLE IF NOT EXISTS ledger (
  dataset  LowCardinality(String),
  source   LowCardinality(String),
  key      String COMMENT 'a ticker, a factor',
  state    LowCardinality(String) COMMENT 'done | failed',
  from_day Date,
  to_day   Date,
  reason   LowCardinality(String) COMMENT 'why it failed',
  basis    String COMMENT 'hash of what a value was made from; empty for what a vendor sent',
  receipts UInt16 COMMENT 'how many the key has',
  run_id   LowCardinality(String) COMMENT 'run after which this was written'
) ENGINE = MergeTree PARTITION BY (dataset, source) ORDER BY (key, from_day, to_day);
