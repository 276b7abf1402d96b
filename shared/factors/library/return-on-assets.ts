import { defineFactor } from "../define.ts";

/** What a year earned on the assets it began with. */
export const return_on_assets = defineFactor({
  name: "return_on_assets",
  version: 1,
  title: "Return on assets",
  formula: "net income of twelve months / assets a year ago",
  reference:
    "Balakrishnan, Bartov & Faurel (2010), Post Loss/Profit Announcement Drift, Journal of Accounting and Economics 50",
  sign: 1,
  lookback: 0,
  inputs: ["net_income_ttm", "assets_year_ago"],
  compute({ net_income_ttm, assets_year_ago }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = net_income_ttm[t]! / assets_year_ago[t]!;
    }
  },
});
