-- Who reported a concept twice with different values for the same period?
SELECT issuer_id, unit, period_end, CAST(count(DISTINCT value) AS INTEGER) AS different_values,
  min(value) AS least, max(value) AS most, CAST(min(known_at) AS DATE) AS first_known, CAST(max(known_at) AS DATE) AS last_known
FROM lake.facts
WHERE concept = {concept:String}
GROUP BY issuer_id, unit, period_start, period_end
HAVING count(DISTINCT value) > 1
ORDER BY issuer_id, unit, period_end, first_known
LIMIT 100
