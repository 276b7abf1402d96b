-- What did the last run that bought scores cost: dollars, tokens and texts by model?
SELECT s.run_id AS run_id, r.command AS command, CAST(r.started_at AS DATE) AS started, s.model AS model,
  CAST(count(*) AS INTEGER) AS texts, sum(s.tokens_in) / 1000000.0 AS million_tokens_in, sum(s.tokens_out) / 1000000.0 AS million_tokens_out,
  round(sum(s.cost_usd), 6) AS cost_usd
FROM lake.scores AS s
INNER JOIN lake.runs AS r ON s.run_id = r.run_id
WHERE r.started_at = (SELECT max(started_at) FROM lake.runs WHERE run_id IN (SELECT run_id FROM lake.scores))
GROUP BY s.run_id, r.command, r.started_at, s.model
ORDER BY run_id, model
