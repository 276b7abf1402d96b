import { defineFactor } from "../define.ts";

/** What the named executives are paid, of what the company sells. */
export const executive_pay = defineFactor({
  name: "executive_pay",
  version: 1,
  title: "Executive pay to revenue",
  formula:
    "total pay of the named executives in the last proxy statement / revenue of twelve months",
  reference:
    "Bebchuk, Cremers and Peyer (2011), The CEO Pay Slice, Journal of Financial Economics 102",
  sign: -1,
  lookback: 0,
  inputs: ["text_executive_pay", "revenue_ttm"],
  compute({ text_executive_pay, revenue_ttm }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      if (revenue_ttm[t]! > 0) out[t] = text_executive_pay[t]! / revenue_ttm[t]!;
    }
  },
});
