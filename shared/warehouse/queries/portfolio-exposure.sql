-- How is a portfolio exposed to a factor: value and rank of each of its securities (ids, separated by commas)?
SELECT security_id, value, place, securities
FROM (
  SELECT security_id, value, CAST(row_number() OVER (ORDER BY value DESC, security_id) AS INTEGER) AS place,
    CAST(count(*) OVER () AS INTEGER) AS securities
  FROM lake.factor_values WHERE factor = {factor:String} AND day = {day:Date}
    AND version = (SELECT max(version) FROM lake.factor_values WHERE factor = {factor:String})
) AS ranked
WHERE ',' || {securities:String} || ',' LIKE '%,' || security_id || ',%'
ORDER BY security_id
