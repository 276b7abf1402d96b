import { news_sentiment_decayed } from "../../../shared/factors/library/news-sentiment-decayed.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("news_sentiment_decayed", () => {
  it("counts a story of five sessions ago half, and one of ten a quarter", () => {
    const values = valuesOf(news_sentiment_decayed, {
      //               10 ago                     5 ago        today
      news_sentiment: Float64Array.of(0.8, 0, 0, 0, 0, -0.6, 0, 0, 0, 0, 0.2),
      news_stories: Float64Array.of(1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1),
    });
    // (0.2 - 0.6 / 2 + 0.8 / 4) / (1 + 2 / 2 + 1 / 4)
    assertClose(values.at(-1), 0.1 / 2.25);
  });
});
