import { defineFactor } from "../define.ts";

/** Sales of twelve months over those of the twelve before. */
export const revenue_growth = defineFactor({
  name: "revenue_growth",
  version: 1,
  title: "Revenue growth",
  formula: "revenue of twelve months / of the twelve before - 1, where those are above 0",
  reference:
    "Lakonishok, Shleifer & Vishny (1994), Contrarian Investment, Extrapolation, and Risk, Journal of Finance 49",
  sign: -1,
  lookback: 0,
  inputs: ["revenue_ttm", "revenue_ttm_year_ago"],
  compute({ revenue_ttm, revenue_ttm_year_ago }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (revenue_ttm_year_ago[t]! > 0) out[t] = revenue_ttm[t]! / revenue_ttm_year_ago[t]! - 1;
    }
  },
});
