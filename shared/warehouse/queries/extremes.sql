-- What are the most extreme values that a factor ever had?
SELECT security_id, day, value
FROM lake.factor_values
WHERE factor = {factor:String} AND version = (SELECT max(version) FROM lake.factor_values WHERE factor = {factor:String})
ORDER BY abs(value) DESC, day, security_id
LIMIT 20
