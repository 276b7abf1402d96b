import { defineFactor } from "../define.ts";

/** Cash for each dollar that falls due within a year. */
export const cash_ratio = defineFactor({
  name: "cash_ratio",
  version: 1,
  title: "Cash ratio",
  formula: "cash / current liabilities",
  reference:
    "Ou & Penman (1989), Financial Statement Analysis and the Prediction of Stock Returns, Journal of Accounting and Economics 11",
  sign: 1,
  lookback: 0,
  inputs: ["cash", "current_liabilities"],
  compute({ cash, current_liabilities }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (current_liabilities[t]! > 0) out[t] = cash[t]! / current_liabilities[t]!;
    }
  },
});
