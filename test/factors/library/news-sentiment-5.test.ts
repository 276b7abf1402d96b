import assert from "node:assert/strict";
import { news_sentiment_5 } from "../../../shared/factors/library/news-sentiment-5.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("news_sentiment_5", () => {
  it("is the mean over the stories of 5 sessions", () => {
    // Two stories of 0.5 and 0.1 on the first of 5 sessions, one of -0.3 on the last one.
    const sentiment = new Array<number>(5).fill(0);
    const stories = new Array<number>(5).fill(0);
    sentiment[0]! += 0.5 + 0.1;
    stories[0]! += 2;
    sentiment[4]! += -0.3;
    stories[4]! += 1;
    const values = valuesOf(news_sentiment_5, {
      news_sentiment: Float64Array.of(9, ...sentiment),
      news_stories: Float64Array.of(9, ...stories),
    });
    assertClose(values.at(-1), (0.5 + 0.1 - 0.3) / 3);
  });

  it("has no value without a story", () => {
    const values = valuesOf(news_sentiment_5, {
      news_sentiment: new Float64Array(20),
      news_stories: new Float64Array(20),
    });
    assert.ok(Number.isNaN(values.at(-1)));
  });
});
