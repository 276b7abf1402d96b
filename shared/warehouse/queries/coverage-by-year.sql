-- How many values does each factor have in each year, of how many securities?
SELECT factor, CAST(extract(YEAR FROM day) AS INTEGER) AS year_of_day, CAST(count(*) AS INTEGER) AS observations,
  CAST(count(DISTINCT security_id) AS INTEGER) AS securities
FROM lake.factor_values
GROUP BY factor, extract(YEAR FROM day)
ORDER BY factor, year_of_day
