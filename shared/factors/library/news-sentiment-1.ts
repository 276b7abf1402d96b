import { defineFactor } from "../define.ts";
import { meanSentiment } from "../kernels/news.ts";

/** Mean sentiment of the stories that became known in the last 1 session. */
export const news_sentiment_1 = defineFactor({
  name: "news_sentiment_1",
  version: 1,
  title: "News sentiment of a day",
  formula:
    "mean sentiment of the stories of the last 1 session, the day included; none without a story",
  reference:
    "Tetlock, Saar-Tsechansky and Macskassy (2008), More Than Words: Quantifying Language to Measure Firms' Fundamentals, Journal of Finance 63",
  sign: 1,
  lookback: 0,
  inputs: ["news_sentiment", "news_stories"],
  compute({ news_sentiment, news_stories }, { from, to }, out) {
    for (let t = from; t < to; t++) out[t] = meanSentiment(news_sentiment, news_stories, t, 1);
  },
});
