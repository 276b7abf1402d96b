import assert from "node:assert/strict";
import { masked } from "../../shared/text/mask.ts";

describe("a masked text", () => {
  const known = { tickers: ["AAPL"], names: ["Apple Inc.", "Apple"] };

  it("tells no company, ticker, person or date", () => {
    assert.equal(
      masked(
        "Apple Inc. (NASDAQ: AAPL) said on Tuesday, March 3, 2020 that its chief executive Tim Cook will speak. AAPL fell in Q3 2019; Apple's sales were 5 % higher than in 2018.",
        known,
      ),
      "the company (TICKER) said on [date], [date] that its chief executive [person] will speak. TICKER fell in [date]; the company's sales were 5 % higher than in [date].",
    );
  });

  it("keeps everything else", () => {
    const text = "Sales of pineapples rose by 2,018 tons. Costs fell.";
    assert.equal(masked(text, known), text);
  });
});
