-- Which annual reports came latest after their year's end?
SELECT issuer_id, accession, max(period_end) AS year_end, filed, DATEDIFF(day, max(period_end), filed) AS days_later
FROM lake.facts
WHERE form = '10-K'
GROUP BY issuer_id, accession, filed
ORDER BY days_later DESC, issuer_id, accession
LIMIT 20
