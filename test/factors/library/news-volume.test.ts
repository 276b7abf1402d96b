import { news_volume } from "../../../shared/factors/library/news-volume.ts";
import { assertClose } from "../support/assert-close.ts";
import { valuesOf } from "../support/values-of.ts";

describe("news_volume", () => {
  it("is the week's share of the quarter's stories, 1 when it is as usual", () => {
    const stories = new Array<number>(63).fill(0);
    stories[0] = 3;
    stories[60] = 2;
    stories[62] = 1;
    // 3 of 6 stories in 5 of 63 sessions.
    assertClose(
      valuesOf(news_volume, { news_stories: Float64Array.from(stories) }).at(-1),
      3 / ((6 * 5) / 63),
    );
  });
});
