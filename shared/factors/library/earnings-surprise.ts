import { defineFactor } from "../define.ts";

/** The quarter's earnings less those of the same quarter a year before, in units of what such changes were in the eight quarters before it. Earnings of the company and not of a share, which a split would change. */
export const earnings_surprise = defineFactor({
  name: "earnings_surprise",
  version: 1,
  title: "Earnings surprise",
  formula:
    "(q[t] - q[t-4]) / standard deviation of the same over the eight quarters before, q net income",
  reference:
    "Bernard & Thomas (1989), Post-Earnings-Announcement Drift, Journal of Accounting Research 27",
  sign: 1,
  lookback: 0,
  inputs: ["net_income_surprise"],
  compute({ net_income_surprise }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      out[t] = net_income_surprise[t]!;
    }
  },
});
