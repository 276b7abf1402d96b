-- Which securities traded on a day and have no value of a factor?
SELECT DISTINCT security_id
FROM lake.bars
WHERE day = {day:Date}
  AND security_id NOT IN (SELECT security_id FROM lake.factor_values WHERE factor = {factor:String} AND day = {day:Date})
ORDER BY security_id
