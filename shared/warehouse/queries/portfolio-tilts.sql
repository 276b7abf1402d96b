-- How is an equally weighted portfolio tilted: its mean exposure to each factor on a day (ids, separated by commas)?
SELECT factor, CAST(count(*) AS INTEGER) AS names, round(avg(exposure), 9) AS tilt, min(exposure) AS least, max(exposure) AS most
FROM lake.exposures
WHERE universe = {universe:String} AND day = {day:Date}
  AND ',' || {securities:String} || ',' LIKE '%,' || security_id || ',%'
GROUP BY factor
ORDER BY factor
