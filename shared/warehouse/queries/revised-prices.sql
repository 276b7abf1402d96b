-- How many prices of each year were told differently later?
SELECT source, CAST(extract(YEAR FROM day) AS INTEGER) AS year_of_day, CAST(count(*) AS INTEGER) AS prices,
  CAST(sum(CASE WHEN revision > 0 THEN 1 ELSE 0 END) AS INTEGER) AS revised
FROM lake.bars
GROUP BY source, extract(YEAR FROM day)
ORDER BY source, year_of_day
