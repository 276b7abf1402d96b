import { defineFactor } from "../define.ts";

/** The year's sales over what the market pays for the company. */
export const sales_yield = defineFactor({
  name: "sales_yield",
  version: 1,
  title: "Sales yield",
  formula: "revenue of twelve months / market capitalisation",
  reference:
    "Barbee, Mukherji & Raines (1996), Do Sales-Price and Debt-Equity Explain Stock Returns Better than Book-Market and Firm Size?, Financial Analysts Journal 52",
  sign: 1,
  lookback: 0,
  inputs: ["revenue_ttm", "market_cap"],
  compute({ revenue_ttm, market_cap }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = revenue_ttm[t]! / market_cap[t]!;
    }
  },
});
