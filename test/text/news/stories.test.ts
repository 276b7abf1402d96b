import assert from "node:assert/strict";
import { mentionOf, pressName, tickersNamed } from "../../../shared/text/news/mentions.ts";
import { fingerprint, likeness, Stories } from "../../../shared/text/news/near-duplicates.ts";

const story =
  "Acme Corp. said on Tuesday that its sales rose 12 percent in the third quarter, as demand for its anvils was strong in all regions and prices held up. The company raised its outlook for the year.";

describe("near duplicates", () => {
  it("are one story: another title, a word less, other marks, other case", () => {
    const stories = new Stories();
    assert.equal(stories.add("a", story, 0), "a");
    assert.equal(stories.add("b", `(Wire) ${story.toUpperCase()}`, 0), "a");
    assert.equal(stories.add("c", story.replace("on Tuesday ", ""), 0), "a");
    assert.equal(stories.add("d", `${story} Shares rose.`, 0), "a");
  });

  it("are not what only begins the same, or has the words in another order", () => {
    const stories = new Stories();
    stories.add("a", story, 0);
    assert.equal(
      stories.add(
        "b",
        "Acme Corp. said on Tuesday that its chief executive will leave next month.",
        0,
      ),
      "b",
    );
    assert.equal(stories.add("c", story.split(" ").reverse().join(" "), 0), "c");
    assert.equal(stories.add("d", "", 0), "d");
  });

  it("are measured by the share of their shingles in common", () => {
    // Of a b c d e f the shingles are abcd, bcde, cdef; of a b c d e x: abcd, bcde, cdex. Two of four are common.
    assert.equal(likeness(fingerprint("a b c d e f"), fingerprint("A, b; c d e x")), 0.5);
    assert.equal(likeness(fingerprint(story), fingerprint(story)), 1);
  });

  it("are not told a week later: then it is another one", () => {
    const stories = new Stories();
    stories.add("a", story, 0);
    assert.equal(stories.add("b", story, 7 * 86_400_000), "b");
    assert.equal(stories.add("c", story, 2 * 86_400_000), "a");
  });

  it("go on with stories that are known", () => {
    const stories = new Stories();
    stories.add("x", story, 0, "first");
    assert.equal(stories.add("y", `${story} More to come.`, 0), "first");
  });
});

describe("an article is about a company", () => {
  const apple = { ticker: "AAPL", name: "Apple Inc." };
  const says = (title: string, text = "", about = apple as Parameters<typeof mentionOf>[1]) =>
    mentionOf({ title, text }, about);

  it("for its ticker, named as one or standing alone", () => {
    assert.equal(says("(NASDAQ: AAPL) beats"), "ticker in title");
    assert.equal(says("AAPL beats"), "ticker in title");
    assert.equal(says("Beats", "Shares of $AAPL rose."), "ticker in text");
    assert.equal(says("SNAAPLE", "nothing"), undefined);
  });

  it("for its name as the press writes it", () => {
    assert.equal(says("Apple beats forecasts"), "name in title");
    assert.equal(says("Tech", "The phones of Apple sell."), "name in text");
    assert.equal(says("Pineapple harvest", "Snapple, too."), undefined);
  });

  it("for a ticker of a letter or two only where it is named as one", () => {
    const ford = { ticker: "F", name: "Ford Motor Co" };
    assert.equal(says("F is a letter", "", ford), undefined);
    assert.equal(says("Cars", "(NYSE: F) sold more.", ford), "ticker in text");
    const all = { ticker: "ALL", name: undefined };
    assert.equal(says("All is well", "Nothing at all.", all), undefined);
  });

  it("and not for a common word in small letters", () => {
    const gap = { ticker: "GPS", name: "Gap, Inc." };
    assert.equal(says("Mind the gap", "", gap), undefined);
    assert.equal(says("Gap opens stores", "", gap), "name in title");
  });

  it("by names without their legal endings", () => {
    assert.deepEqual(
      [
        "Apple Inc.",
        "The Coca-Cola Company",
        "BERKSHIRE HATHAWAY INC",
        "Alphabet Inc. Class A",
        "AMERICAN EXPRESS CO",
        "3M Company",
      ].map(pressName),
      ["Apple", "Coca-Cola", "BERKSHIRE HATHAWAY", "Alphabet", "AMERICAN EXPRESS", "3M"],
    );
    assert.deepEqual(tickersNamed("(NYSE: BRK-B), $TSLA and NASDAQ:MSFT; not $5"), [
      "BRK.B",
      "TSLA",
      "MSFT",
    ]);
  });
});
