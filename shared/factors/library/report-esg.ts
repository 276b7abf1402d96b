import { defineFactor } from "../define.ts";

/** How a language model rates ESG initiatives of the last annual report. */
export const report_esg = defineFactor({
  name: "report_esg",
  version: 1,
  title: "Report rating: ESG initiatives",
  formula: "rating of the category from 0 to 10, of the last annual report that was published",
  reference:
    "Kim, Muhn and Nikolaev (2024), Financial Statement Analysis with Large Language Models, and the report prompt of docs/text.md",
  sign: 1,
  lookback: 0,
  inputs: ["text_report_rating_esg"],
  compute({ text_report_rating_esg: rating }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = rating[t]!;
  },
});
