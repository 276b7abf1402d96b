import { rowsByDay, type DayTable } from "./tables.ts";

/** Rows of prices behind one beta, and how many of them must have a return. */
const window = 252;
const minimum = 126;

/**
 * Each name's beta to the equal-weighted mean return of all names, from the last 252 rows of prices up to the day, on the
 * factor's days and columns; NaN with fewer than 126 returns.
 */
export function marketBetas(prices: DayTable, factor: DayTable): DayTable {
  const width = prices.assets.length;
  const { returns, market } = dailyReturns(prices);
  const rowOf = rowsByDay(factor.days, prices.days);
  const values = new Float64Array(factor.values.length).fill(NaN);
  const own = new Float64Array(prices.days.length);
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < own.length; row++) own[row] = returns[row * width + column]!;
    for (const [day, row] of rowOf.entries()) {
      if (row >= 0) values[day * width + column] = beta(own, market, row);
    }
  }
  return { days: factor.days, assets: factor.assets, values };
}

function dailyReturns({ days, assets, values }: DayTable): {
  returns: Float64Array;
  market: Float64Array;
} {
  const width = assets.length;
  const returns = new Float64Array(values.length).fill(NaN);
  const market = new Float64Array(days.length).fill(NaN);
  for (let row = 1; row < days.length; row++) {
    let sum = 0;
    let names = 0;
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const value = values[at]! / values[at - width]! - 1;
      if (!Number.isFinite(value)) continue;
      returns[at] = value;
      sum += value;
      names++;
    }
    market[row] = sum / names;
  }
  return { returns, market };
}

function beta(own: Float64Array, market: Float64Array, last: number): number {
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (let row = Math.max(0, last - window + 1); row <= last; row++) {
    const x = market[row]!;
    const y = own[row]!;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    n++;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
  }
  const variance = n * sumXX - sumX * sumX;
  return n >= minimum && variance > 0 ? (n * sumXY - sumX * sumY) / variance : NaN;
}
