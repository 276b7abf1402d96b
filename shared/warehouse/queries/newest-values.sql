-- How fresh is each factor?
SELECT factor, CAST(max(version) AS INTEGER) AS version_now, min(day) AS first_day, max(day) AS last_day
FROM lake.factor_values
GROUP BY factor
ORDER BY factor
