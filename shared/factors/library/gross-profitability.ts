import { defineFactor } from "../define.ts";

/** Gross profit on all that the company works with: gross profit as it is told, else sales less their cost. */
export const gross_profitability = defineFactor({
  name: "gross_profitability",
  version: 1,
  title: "Gross profitability",
  formula:
    "(revenue - cost of revenue) / assets, twelve months over the balance sheet of their end",
  reference:
    "Novy-Marx (2013), The Other Side of Value: The Gross Profitability Premium, Journal of Financial Economics 108",
  sign: 1,
  lookback: 0,
  inputs: ["gross_profit_ttm", "revenue_ttm", "cost_of_revenue_ttm", "assets"],
  compute({ gross_profit_ttm, revenue_ttm, cost_of_revenue_ttm, assets }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      const told = gross_profit_ttm[t]!;
      const profit = Number.isNaN(told) ? revenue_ttm[t]! - cost_of_revenue_ttm[t]! : told;
      out[t] = profit / assets[t]!;
    }
  },
});
