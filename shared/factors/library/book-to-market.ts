import { defineFactor } from "../define.ts";

/** What the books say the company is worth, over what the market says. */
export const book_to_market = defineFactor({
  name: "book_to_market",
  version: 1,
  title: "Book to market",
  formula: "equity / market capitalisation, of companies with equity above 0",
  reference:
    "Fama & French (1992), The Cross-Section of Expected Stock Returns, Journal of Finance 47",
  sign: 1,
  lookback: 0,
  inputs: ["equity", "market_cap"],
  compute({ equity, market_cap }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (equity[t]! > 0) out[t] = equity[t]! / market_cap[t]!;
    }
  },
});
