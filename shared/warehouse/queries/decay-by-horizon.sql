-- How does a factor decay: what was it worth at each horizon, when it was evaluated last?
SELECT horizon, delay, days, ic_mean, t_hac, p_adjusted, passed, sharpe_net
FROM lake.evaluation_horizons
WHERE factor = {factor:String}
  AND evaluation_id = (
    SELECT max(evaluation_id) FROM lake.evaluation_horizons
    WHERE factor = {factor:String}
      AND evaluated_at = (SELECT max(evaluated_at) FROM lake.evaluation_horizons WHERE factor = {factor:String})
  )
ORDER BY horizon
