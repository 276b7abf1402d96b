import { defineFactor } from "../define.ts";

/** What can be paid within a year for each dollar that falls due in it. */
export const current_ratio = defineFactor({
  name: "current_ratio",
  version: 1,
  title: "Current ratio",
  formula: "current assets / current liabilities",
  reference:
    "Ou & Penman (1989), Financial Statement Analysis and the Prediction of Stock Returns, Journal of Accounting and Economics 11",
  sign: 1,
  lookback: 0,
  inputs: ["current_assets", "current_liabilities"],
  compute({ current_assets, current_liabilities }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (current_liabilities[t]! > 0) out[t] = current_assets[t]! / current_liabilities[t]!;
    }
  },
});
