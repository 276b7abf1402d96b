import { defineFactor } from "../define.ts";

/** What is left of a dollar of sales after its direct cost. */
export const gross_margin = defineFactor({
  name: "gross_margin",
  version: 1,
  title: "Gross margin",
  formula: "gross profit / revenue, both of twelve months",
  reference:
    "Abarbanell & Bushee (1998), Abnormal Returns to a Fundamental Analysis Strategy, Accounting Review 73",
  sign: 1,
  lookback: 0,
  inputs: ["gross_profit_ttm", "revenue_ttm"],
  compute({ gross_profit_ttm, revenue_ttm }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (revenue_ttm[t]! > 0) out[t] = gross_profit_ttm[t]! / revenue_ttm[t]!;
    }
  },
});
