-- Which securities are in the top tenth of a factor on a day?
SELECT security_id, value
FROM (
  SELECT security_id, value, ntile(10) OVER (ORDER BY value DESC, security_id) AS tenth
  FROM lake.factor_values WHERE factor = {factor:String} AND day = {day:Date}
    AND version = (SELECT max(version) FROM lake.factor_values WHERE factor = {factor:String})
) AS ranked
WHERE tenth = 1
ORDER BY value DESC, security_id
