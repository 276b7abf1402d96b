import assert from "node:assert/strict";
import { news_sentiment_14 } from "../../../shared/factors/library/news-sentiment-14.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("news_sentiment_14", () => {
  it("is the mean over the stories of 14 sessions", () => {
    // Two stories of 0.5 and 0.1 on the first of 14 sessions, one of -0.3 on the last one.
    const sentiment = new Array<number>(14).fill(0);
    const stories = new Array<number>(14).fill(0);
    sentiment[0]! += 0.5 + 0.1;
    stories[0]! += 2;
    sentiment[13]! += -0.3;
    stories[13]! += 1;
    const values = valuesOf(news_sentiment_14, {
      news_sentiment: Float64Array.of(9, ...sentiment),
      news_stories: Float64Array.of(9, ...stories),
    });
    assertClose(values.at(-1), (0.5 + 0.1 - 0.3) / 3);
  });

  it("has no value without a story", () => {
    const values = valuesOf(news_sentiment_14, {
      news_sentiment: new Float64Array(20),
      news_stories: new Float64Array(20),
    });
    assert.ok(Number.isNaN(values.at(-1)));
  });
});
