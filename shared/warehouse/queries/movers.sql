-- Which prices moved most on a day, as first told and not adjusted?
SELECT b.security_id AS security_id, p.close AS close_before, b.close AS close_now, b.close / p.close - 1 AS move
FROM (SELECT source, security_id, close FROM lake.bars WHERE day = {day:Date} AND revision = 0) AS b
INNER JOIN (
  SELECT source, security_id, close FROM lake.bars
  WHERE revision = 0 AND day = (SELECT max(day) FROM lake.bars WHERE day < {day:Date})
) AS p ON b.source = p.source AND b.security_id = p.security_id
ORDER BY abs(b.close / p.close - 1) DESC, security_id
LIMIT 20
