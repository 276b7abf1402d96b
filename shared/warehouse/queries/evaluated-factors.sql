-- Which factors were evaluated, how often, and when last?
SELECT factor, CAST(count(*) AS INTEGER) AS evaluations, CAST(max(evaluated_at) AS DATE) AS last_evaluated
FROM lake.evaluations
GROUP BY factor
ORDER BY factor
