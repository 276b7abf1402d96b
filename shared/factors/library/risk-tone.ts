import { defineFactor } from "../define.ts";

/** The balance of words in the risk factors of the last annual report. */
export const risk_tone = defineFactor({
  name: "risk_tone",
  version: 1,
  title: "Tone of the risk section",
  formula:
    "(positive - negative) / (positive + negative) of the word lists over Item 1A of the last 10-K",
  reference:
    "Loughran and McDonald (2011), When Is a Liability Not a Liability? Textual Analysis, Dictionaries, and 10-Ks, Journal of Finance 66",
  sign: 1,
  lookback: 0,
  inputs: ["text_risk_tone"],
  compute({ text_risk_tone: value }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = value[t]!;
  },
});
