import { defineFactor } from "../define.ts";

/** What the market pays for all shares: the count as filed, with the splits since, at the close as traded. */
export const market_cap = defineFactor({
  name: "market_cap",
  version: 1,
  title: "Market capitalisation",
  formula: "shares as filed * splits since * close as traded, dollars",
  reference:
    "Banz (1981), The Relationship between Return and Market Value of Common Stocks, Journal of Financial Economics 9",
  sign: -1,
  lookback: 0,
  inputs: ["market_cap"],
  compute({ market_cap }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = market_cap[t]!;
    }
  },
});
