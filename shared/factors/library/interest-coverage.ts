import { defineFactor } from "../define.ts";

/** How many times the year's operating income pays its interest. */
export const interest_coverage = defineFactor({
  name: "interest_coverage",
  version: 1,
  title: "Interest coverage",
  formula: "operating income / interest expense, both of twelve months, where interest is above 0",
  reference:
    "Ou & Penman (1989), Financial Statement Analysis and the Prediction of Stock Returns, Journal of Accounting and Economics 11",
  sign: 1,
  lookback: 0,
  inputs: ["operating_income_ttm", "interest_expense_ttm"],
  compute({ operating_income_ttm, interest_expense_ttm }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (interest_expense_ttm[t]! > 0)
        out[t] = operating_income_ttm[t]! / interest_expense_ttm[t]!;
    }
  },
});
