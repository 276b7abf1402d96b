import { defineFactor } from "../define.ts";

/** What is paid for a dollar of earnings, for each percent that a share's earnings grew in the last fiscal year. */
export const peg = defineFactor({
  name: "peg",
  version: 1,
  title: "Price/earnings to growth",
  formula:
    "(market capitalisation / net income of twelve months) / (100 * growth of diluted earnings a share), where earnings and growth are above 0",
  reference:
    "Easton (2004), PE Ratios, PEG Ratios, and Estimating the Implied Expected Rate of Return on Equity Capital, Accounting Review 79; on trailing growth",
  sign: -1,
  lookback: 0,
  inputs: ["market_cap", "net_income_ttm", "eps_diluted_annual", "eps_diluted_annual_year_ago"],
  compute(
    { market_cap, net_income_ttm, eps_diluted_annual, eps_diluted_annual_year_ago },
    { from, to },
    out,
  ) {
    for (let t = from; t < to; t++) {
      const before = eps_diluted_annual_year_ago[t]!;
      const growth = eps_diluted_annual[t]! / before - 1;
      if (before > 0 && growth > 0 && net_income_ttm[t]! > 0) {
        out[t] = market_cap[t]! / net_income_ttm[t]! / (100 * growth);
      }
    }
  },
});
