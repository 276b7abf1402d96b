import { defineFactor } from "../define.ts";

/** How hard the last annual report is to read. */
export const report_readability = defineFactor({
  name: "report_readability",
  version: 1,
  title: "Readability of the annual report",
  formula:
    "Gunning fog index of the items of the last 10-K: 0.4 (words / sentences + 100 long words / words)",
  reference:
    "Li (2008), Annual Report Readability, Current Earnings, and Earnings Persistence, Journal of Accounting and Economics 45",
  sign: -1,
  lookback: 0,
  inputs: ["text_report_readability"],
  compute({ text_report_readability: value }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = value[t]!;
  },
});
