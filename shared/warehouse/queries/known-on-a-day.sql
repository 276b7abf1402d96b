-- What was known of a company on a day: the value of each concept and period that was told last by then?
SELECT concept, unit, period_start, period_end, value, accession
FROM (
  SELECT concept, unit, period_start, period_end, value, accession,
    row_number() OVER (PARTITION BY concept, unit, period_start, period_end ORDER BY known_at DESC, accession DESC, value DESC) AS newest
  FROM lake.facts
  WHERE issuer_id = {issuer:String} AND CAST(known_at AS DATE) <= {day:Date}
) AS told
WHERE newest = 1
ORDER BY period_end DESC, concept, unit, period_start, value
LIMIT 100
