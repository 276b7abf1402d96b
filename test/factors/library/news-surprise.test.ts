import assert from "node:assert/strict";
import { news_surprise } from "../../../shared/factors/library/news-surprise.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("news_surprise", () => {
  const quiet = new Array<number>(4).fill(0);

  it("is the week against the quarter before it", () => {
    const values = valuesOf(news_surprise, {
      news_sentiment: Float64Array.of(0.3, 0.1, 0.2, ...quiet, 0.9, 0.5),
      news_stories: Float64Array.of(1, 1, 1, ...quiet, 1, 1),
    });
    // The last five sessions hold 0.9 and 0.5, the ones before 0.3, 0.1 and 0.2.
    assertClose(values.at(-1), 0.7 - 0.2);
  });

  it("has no value where there were fewer than three stories before", () => {
    const values = valuesOf(news_surprise, {
      news_sentiment: Float64Array.of(0.3, 0.1, 0, ...quiet, 0.9),
      news_stories: Float64Array.of(1, 1, 0, ...quiet, 1),
    });
    assert.ok(Number.isNaN(values.at(-1)));
  });
});
