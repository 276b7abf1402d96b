import { defineFactor } from "../define.ts";

/** How a language model rates the CEO's statement of the last annual report. */
export const report_ceo = defineFactor({
  name: "report_ceo",
  version: 1,
  title: "Report rating: CEO statement",
  formula: "rating of the category from 0 to 10, of the last annual report that was published",
  reference:
    "Kim, Muhn and Nikolaev (2024), Financial Statement Analysis with Large Language Models, and the report prompt of docs/text.md",
  sign: 1,
  lookback: 0,
  inputs: ["text_report_rating_ceo"],
  compute({ text_report_rating_ceo: rating }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = rating[t]!;
  },
});
