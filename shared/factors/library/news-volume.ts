import { defineFactor } from "../define.ts";
import { storiesOf } from "../kernels/news.ts";

const now = 5;
const usual = 63;
const fewest = 3;

/** How many stories there were this week, against the usual. */
export const news_volume = defineFactor({
  name: "news_volume",
  version: 1,
  title: "Volume of news",
  formula:
    "stories of 5 sessions / (stories of 63 sessions x 5 / 63), which must be 3; attention, and then reversal",
  reference:
    "Barber and Odean (2008), All That Glitters: The Effect of Attention and News on the Buying Behavior of Individual and Institutional Investors, Review of Financial Studies 21",
  sign: -1,
  lookback: usual - 1,
  inputs: ["news_stories"],
  compute({ news_stories }, { from, to }, out) {
    for (let t = from; t < to; t++) {
      const all = storiesOf(news_stories, t, usual);
      if (all < fewest) continue;
      out[t] = storiesOf(news_stories, t, now) / ((all * now) / usual);
    }
  },
});
