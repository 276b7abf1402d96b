import { defineFactor } from "../define.ts";

/** The year's cash flow from operations over what the market pays for the company. */
export const cash_flow_yield = defineFactor({
  name: "cash_flow_yield",
  version: 1,
  title: "Cash-flow yield",
  formula: "operating cash flow of twelve months / market capitalisation",
  reference:
    "Lakonishok, Shleifer & Vishny (1994), Contrarian Investment, Extrapolation, and Risk, Journal of Finance 49",
  sign: 1,
  lookback: 0,
  inputs: ["operating_cash_flow_ttm", "market_cap"],
  compute({ operating_cash_flow_ttm, market_cap }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = operating_cash_flow_ttm[t]! / market_cap[t]!;
    }
  },
});
