import { defineFactor } from "../define.ts";

/** How many shares came on the market in a fiscal year, less those that were bought back. Both years' counts are read as they were told last, so that a split between them stands in both. */
export const net_share_issuance = defineFactor({
  name: "net_share_issuance",
  version: 1,
  title: "Net share issuance",
  formula: "log(basic shares of the last fiscal year / of the one before), weighted means",
  reference:
    "Pontiff & Woodgate (2008), Share Issuance and Cross-Sectional Returns, Journal of Finance 63",
  sign: -1,
  lookback: 0,
  inputs: ["shares_basic_annual", "shares_basic_annual_year_ago"],
  compute({ shares_basic_annual, shares_basic_annual_year_ago }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = Math.log(shares_basic_annual[t]! / shares_basic_annual_year_ago[t]!);
    }
  },
});
