import { defineFactor } from "../define.ts";

/** How a language model rates market trends and competition of the last annual report. */
export const report_market = defineFactor({
  name: "report_market",
  version: 1,
  title: "Report rating: market trends and competitive landscape",
  formula: "rating of the category from 0 to 10, of the last annual report that was published",
  reference:
    "Kim, Muhn and Nikolaev (2024), Financial Statement Analysis with Large Language Models, and the report prompt of docs/text.md",
  sign: 1,
  lookback: 0,
  inputs: ["text_report_rating_market"],
  compute({ text_report_rating_market: rating }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = rating[t]!;
  },
});
