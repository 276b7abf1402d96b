import { defineFactor } from "../define.ts";

/** What is owed to lenders for each dollar of the owners. */
export const debt_to_equity = defineFactor({
  name: "debt_to_equity",
  version: 1,
  title: "Debt to equity",
  formula: "(short-term debt + long-term debt) / equity, where that is above 0",
  reference:
    "Bhandari (1988), Debt/Equity Ratio and Expected Common Stock Returns, Journal of Finance 43",
  sign: 1,
  lookback: 0,
  inputs: ["short_term_debt", "long_term_debt", "equity"],
  compute({ short_term_debt, long_term_debt, equity }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      const debt = short_term_debt[t]! + long_term_debt[t]!;
      if (equity[t]! > 0) out[t] = debt / equity[t]!;
    }
  },
});
