-- Who changed each table last: which run, of which code, with what was known when?
SELECT table_name, snapshot_id, run_id, code_version, CAST(coalesce(as_of, published_at) AS DATE) AS known_until, CAST(row_count AS DOUBLE) AS row_count, CAST(published_at AS DATE) AS published_on
FROM (
  SELECT table_name, snapshot_id, run_id, code_version, as_of, row_count, published_at,
    row_number() OVER (PARTITION BY table_name ORDER BY published_at DESC, snapshot_id DESC) AS newest
  FROM lake.publishes
) AS ranked
WHERE newest = 1
ORDER BY table_name
