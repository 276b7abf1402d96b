-- Which factors were told from luck when they were evaluated last, and at which horizon best?
SELECT factor, horizon, ic_mean, p_adjusted, sharpe_net
FROM (
  SELECT factor, horizon, ic_mean, p_adjusted, sharpe_net, passed,
    row_number() OVER (PARTITION BY factor ORDER BY p_adjusted, horizon) AS place
  FROM (
    SELECT factor, horizon, ic_mean, p_adjusted, sharpe_net, passed,
      rank() OVER (PARTITION BY factor ORDER BY evaluated_at DESC, evaluation_id DESC) AS newest
    FROM lake.evaluation_horizons
  ) AS ranked
  WHERE newest = 1 AND passed
) AS best
WHERE place = 1
ORDER BY p_adjusted, factor
