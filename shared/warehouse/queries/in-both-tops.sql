-- Which securities are in the top tenth of two factors at once?
SELECT a.security_id AS security_id, a.value AS first_value, b.value AS second_value
FROM (
  SELECT security_id, value, ntile(10) OVER (ORDER BY value DESC, security_id) AS tenth
  FROM lake.factor_values WHERE factor = {factor:String} AND day = {day:Date}
    AND version = (SELECT max(version) FROM lake.factor_values WHERE factor = {factor:String})
) AS a
INNER JOIN (
  SELECT security_id, value, ntile(10) OVER (ORDER BY value DESC, security_id) AS tenth
  FROM lake.factor_values WHERE factor = {second:String} AND day = {day:Date}
    AND version = (SELECT max(version) FROM lake.factor_values WHERE factor = {second:String})
) AS b ON a.security_id = b.security_id
WHERE a.tenth = 1 AND b.tenth = 1
ORDER BY security_id
