import { defineFactor } from "../define.ts";

/** Gross margin of twelve months less that of the twelve before. */
export const gross_margin_change = defineFactor({
  name: "gross_margin_change",
  version: 1,
  title: "Change of gross margin",
  formula: "gross profit / revenue, less the same a year ago",
  reference:
    "Abarbanell & Bushee (1998), Abnormal Returns to a Fundamental Analysis Strategy, Accounting Review 73",
  sign: 1,
  lookback: 0,
  inputs: ["gross_profit_ttm", "revenue_ttm", "gross_profit_ttm_year_ago", "revenue_ttm_year_ago"],
  compute(
    { gross_profit_ttm, revenue_ttm, gross_profit_ttm_year_ago, revenue_ttm_year_ago },
    { from, to },
    out,
  ) {
    for (let t = from; t < to; t++) {
      const now = gross_profit_ttm[t]! / revenue_ttm[t]!;
      const before = gross_profit_ttm_year_ago[t]! / revenue_ttm_year_ago[t]!;
      if (revenue_ttm[t]! > 0 && revenue_ttm_year_ago[t]! > 0) out[t] = now - before;
    }
  },
});
