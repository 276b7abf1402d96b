import { defineFactor } from "../define.ts";

/** The year's earnings over what the market pays for the company. */
export const earnings_yield = defineFactor({
  name: "earnings_yield",
  version: 1,
  title: "Earnings yield",
  formula: "net income of twelve months / market capitalisation",
  reference:
    "Basu (1977), Investment Performance of Common Stocks in Relation to Their Price-Earnings Ratios, Journal of Finance 32",
  sign: 1,
  lookback: 0,
  inputs: ["net_income_ttm", "market_cap"],
  compute({ net_income_ttm, market_cap }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = net_income_ttm[t]! / market_cap[t]!;
    }
  },
});
