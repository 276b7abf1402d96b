import { defineFactor } from "../define.ts";

/** How much better strategic priorities of the last annual report are rated than those of the report before. */
export const report_strategy_change = defineFactor({
  name: "report_strategy_change",
  version: 1,
  title: "Change of report rating: strategic priorities",
  formula: "rating of the category minus that of the report on the year before",
  reference:
    "Kim, Muhn and Nikolaev (2024), Financial Statement Analysis with Large Language Models, and the report prompt of docs/text.md",
  sign: 1,
  lookback: 0,
  inputs: ["text_report_rating_strategy", "text_report_rating_strategy_year_ago"],
  compute(
    { text_report_rating_strategy: rating, text_report_rating_strategy_year_ago: before },
    { from, to },
    out,
  ) {
    for (let t = from; t < to; t++) out[t] = rating[t]! - before[t]!;
  },
});
