import { defineFactor } from "../define.ts";

/** How little the last annual report was changed from the one before: changes are bad news that nobody reads. */
export const report_similarity = defineFactor({
  name: "report_similarity",
  version: 1,
  title: "Similarity of consecutive annual reports",
  formula: "cosine of the word counts of the last 10-K and of the one on the year before",
  reference: "Cohen, Malloy and Nguyen (2020), Lazy Prices, Journal of Finance 75",
  sign: 1,
  lookback: 0,
  inputs: ["text_report_similarity"],
  compute({ text_report_similarity: value }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = value[t]!;
  },
});
