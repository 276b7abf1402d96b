import { defineFactor } from "../define.ts";

/** What a year earned on the equity it began with. */
export const return_on_equity = defineFactor({
  name: "return_on_equity",
  version: 1,
  title: "Return on equity",
  formula: "net income of twelve months / equity a year ago, where that is above 0",
  reference:
    "Haugen & Baker (1996), Commonality in the Determinants of Expected Stock Returns, Journal of Financial Economics 41",
  sign: 1,
  lookback: 0,
  inputs: ["net_income_ttm", "equity_year_ago"],
  compute({ net_income_ttm, equity_year_ago }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (equity_year_ago[t]! > 0) out[t] = net_income_ttm[t]! / equity_year_ago[t]!;
    }
  },
});
