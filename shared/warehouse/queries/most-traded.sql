-- What was traded most on a day, in dollars?
SELECT security_id, close, volume, close * volume AS dollars
FROM lake.bars
WHERE day = {day:Date} AND revision = 0 AND volume IS NOT NULL
ORDER BY close * volume DESC, security_id
LIMIT 20
