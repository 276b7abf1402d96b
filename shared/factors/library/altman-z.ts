import { defineFactor } from "../define.ts";

/** How far from bankruptcy: five ratios, weighted as they told failed manufacturers from others. */
export const altman_z = defineFactor({
  name: "altman_z",
  version: 1,
  title: "Altman Z-score",
  formula:
    "1.2 working capital / A + 1.4 retained earnings / A + 3.3 operating income / A + 0.6 market capitalisation / liabilities + revenue / A, A assets; flows of twelve months",
  reference:
    "Altman (1968), Financial Ratios, Discriminant Analysis and the Prediction of Corporate Bankruptcy, Journal of Finance 23",
  sign: 1,
  lookback: 0,
  inputs: [
    "current_assets",
    "current_liabilities",
    "retained_earnings",
    "operating_income_ttm",
    "market_cap",
    "liabilities",
    "revenue_ttm",
    "assets",
  ],
  compute(
    {
      current_assets,
      current_liabilities,
      retained_earnings,
      operating_income_ttm,
      market_cap,
      liabilities,
      revenue_ttm,
      assets,
    },
    { from, to },
    out,
  ) {
    for (let t = from; t < to; t++) {
      const all = assets[t]!;
      const working = current_assets[t]! - current_liabilities[t]!;
      if (!(all > 0 && liabilities[t]! > 0)) continue;
      out[t] =
        (1.2 * working +
          1.4 * retained_earnings[t]! +
          3.3 * operating_income_ttm[t]! +
          revenue_ttm[t]!) /
          all +
        (0.6 * market_cap[t]!) / liabilities[t]!;
    }
  },
});
