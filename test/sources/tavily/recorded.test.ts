import assert from "node:assert/strict";
import { articlesOf } from "../../../shared/sources/tavily/client.ts";
import { recordedText } from "../../support/recorded-data.ts";

describe("a recorded reply of Tavily", () => {
  it("of the topic general has texts, and no time of publication", function () {
    const text = recordedText(this, "E_news/tavily/tavily_general_with_raw_content.json");
    const { articles, rejects } = articlesOf(text);
    assert.ok(articles.length > 0);
    assert.equal(rejects.length, 0);
    assert.ok(articles.every(({ publishedMs }) => publishedMs === undefined));
    assert.ok(articles.every(({ url, text: body }) => url.startsWith("https://") && body !== ""));
  });

  it("that is none is malformed", () => {
    for (const text of ["", "[]", "{}", '{"results": 5}', "<html>"]) {
      assert.throws(() => articlesOf(text), { name: "MalformedRecord" }, text);
    }
  });
});
