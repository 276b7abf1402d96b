-- How many values does each factor have in each year and version, of how many securities?
SELECT factor, version, CAST(extract(YEAR FROM day) AS INTEGER) AS year_of_day, CAST(count(*) AS INTEGER) AS observations,
  CAST(count(DISTINCT security_id) AS INTEGER) AS securities
FROM lake.factor_values
GROUP BY factor, version, extract(YEAR FROM day)
ORDER BY factor, version, year_of_day
