import { defineFactor } from "../define.ts";

/** A story of five sessions ago counts half. */
const halfLife = 5;
const window = 60;

/** Mean sentiment of the stories of three months, the older the less. */
export const news_sentiment_decayed = defineFactor({
  name: "news_sentiment_decayed",
  version: 1,
  title: "Decayed news sentiment",
  formula:
    "sum of w sentiment / sum of w stories over 60 sessions, w = 2^(-sessions ago / 5); none without a story",
  reference:
    "Heston and Sinha (2017), News vs. Sentiment: Predicting Stock Returns from News Stories, Financial Analysts Journal 73",
  sign: 1,
  lookback: window - 1,
  inputs: ["news_sentiment", "news_stories"],
  compute({ news_sentiment, news_stories }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      let sum = 0;
      let weights = 0;
      for (let ago = 0; ago < window && ago <= t; ago++) {
        const stories = news_stories[t - ago]!;
        if (!(stories > 0)) continue;
        const weight = 2 ** (-ago / halfLife);
        sum += weight * news_sentiment[t - ago]!;
        weights += weight * stories;
      }
      if (weights > 0) out[t] = sum / weights;
    }
  },
});
