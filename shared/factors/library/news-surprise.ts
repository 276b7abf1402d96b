import { defineFactor } from "../define.ts";
import { meanSentiment, storiesOf } from "../kernels/news.ts";

const now = 5;
const before = 63;
const fewest = 3;

/** How much better this week's news are than the security's own of the quarter before. */
export const news_surprise = defineFactor({
  name: "news_surprise",
  version: 1,
  title: "News surprise",
  formula:
    "mean sentiment of the stories of 5 sessions minus that of the 63 sessions before them, which must have 3 stories",
  reference:
    "Uhl, Pedersen and Malitius (2015), What's in the News? Using News Sentiment Momentum for Tactical Asset Allocation, Journal of Portfolio Management 41",
  sign: 1,
  lookback: now + before - 1,
  inputs: ["news_sentiment", "news_stories"],
  compute({ news_sentiment, news_stories }, { from, to }, out) {
    for (let t = Math.max(from, now); t < to; t++) {
      if (storiesOf(news_stories, t - now, before) < fewest) continue;
      out[t] =
        meanSentiment(news_sentiment, news_stories, t, now) -
        meanSentiment(news_sentiment, news_stories, t - now, before);
    }
  },
});
