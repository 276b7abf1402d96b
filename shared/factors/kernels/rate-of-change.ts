/**
 * Rate of change in percent, `100 * (price[t] / price[t - sessions] - 1)` for every t; NaN when either price
 * is missing (StockCharts ChartSchool, "Rate of Change").
 *
 * @param price any length, NaN where missing
 * @param sessions between the two prices
 */
export function rateOfChange(price: Float64Array, sessions: number): Float64Array {
  const rates = new Float64Array(price.length).fill(NaN);
  for (let at = sessions; at < price.length; at++) {
    rates[at] = 100 * (price[at]! / price[at - sessions]! - 1);
  }
  return rates;
}
