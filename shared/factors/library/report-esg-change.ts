import { defineFactor } from "../define.ts";

/** How much better ESG initiatives of the last annual report are rated than those of the report before. */
export const report_esg_change = defineFactor({
  name: "report_esg_change",
  version: 1,
  title: "Change of report rating: ESG initiatives",
  formula: "rating of the category minus that of the report on the year before",
  reference:
    "Kim, Muhn and Nikolaev (2024), Financial Statement Analysis with Large Language Models, and the report prompt of docs/text.md",
  sign: 1,
  lookback: 0,
  inputs: ["text_report_rating_esg", "text_report_rating_esg_year_ago"],
  compute(
    { text_report_rating_esg: rating, text_report_rating_esg_year_ago: before },
    { from, to },
    out,
  ) {
    for (let t = from; t < to; t++) out[t] = rating[t]! - before[t]!;
  },
});
