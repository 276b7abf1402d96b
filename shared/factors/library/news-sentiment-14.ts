import { defineFactor } from "../define.ts";
import { meanSentiment } from "../kernels/news.ts";

/** Mean sentiment of the stories that became known in the last 14 sessions. */
export const news_sentiment_14 = defineFactor({
  name: "news_sentiment_14",
  version: 1,
  title: "News sentiment of fourteen days",
  formula:
    "mean sentiment of the stories of the last 14 sessions, the day included; none without a story",
  reference:
    "Tetlock, Saar-Tsechansky and Macskassy (2008), More Than Words: Quantifying Language to Measure Firms' Fundamentals, Journal of Finance 63",
  sign: 1,
  lookback: 13,
  inputs: ["news_sentiment", "news_stories"],
  compute({ news_sentiment, news_stories }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = meanSentiment(news_sentiment, news_stories, t, 14);
  },
});
