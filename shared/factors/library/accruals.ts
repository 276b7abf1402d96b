import { defineFactor } from "../define.ts";

/** The part of earnings that did not come in as cash: it lasts less. */
export const accruals = defineFactor({
  name: "accruals",
  version: 1,
  title: "Accruals",
  formula:
    "(net income - cash flow from operations) of twelve months / mean assets of now and a year ago",
  reference:
    "Sloan (1996), Do Stock Prices Fully Reflect Information in Accruals and Cash Flows about Future Earnings?, Accounting Review 71; by cash flows as Hribar & Collins (2002)",
  sign: -1,
  lookback: 0,
  inputs: ["net_income_ttm", "operating_cash_flow_ttm", "assets", "assets_year_ago"],
  compute({ net_income_ttm, operating_cash_flow_ttm, assets, assets_year_ago }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      const mean = (assets[t]! + assets_year_ago[t]!) / 2;
      out[t] = (net_income_ttm[t]! - operating_cash_flow_ttm[t]!) / mean;
    }
  },
});
