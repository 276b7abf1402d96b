-- What was scored by which model, how often in vain, and for how much?
SELECT task, score_set, model, CAST(count(*) AS INTEGER) AS texts,
  CAST(sum(CASE WHEN state = 'scored' THEN 1 ELSE 0 END) AS INTEGER) AS scored,
  min(value) AS least, max(value) AS most, round(sum(cost_usd), 6) AS cost_usd
FROM lake.scores
GROUP BY task, score_set, model
ORDER BY task, score_set, model
