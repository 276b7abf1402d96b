import { defineFactor } from "../define.ts";

/** How a language model rates strategic priorities of the last annual report. */
export const report_strategy = defineFactor({
  name: "report_strategy",
  version: 1,
  title: "Report rating: strategic priorities",
  formula: "rating of the category from 0 to 10, of the last annual report that was published",
  reference:
    "Kim, Muhn and Nikolaev (2024), Financial Statement Analysis with Large Language Models, and the report prompt of docs/text.md",
  sign: 1,
  lookback: 0,
  inputs: ["text_report_rating_strategy"],
  compute({ text_report_rating_strategy: rating }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = rating[t]!;
  },
});
