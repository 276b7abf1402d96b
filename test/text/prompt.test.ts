import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promptNames, readPrompt } from "../../shared/text/prompt.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describe("a prompt", () => {
  const folder = useTempFolder();
  const write = (text: string): string => {
    const file = join(folder(), "mine.txt");
    writeFileSync(file, text);
    return file;
  };

  it("of ours has one place for the text, and instructions before and after it", async () => {
    for (const name of promptNames) {
      const { before, after, hash } = await readPrompt(name);
      assert.ok(before.length > 50 && after.length > 10 && hash.length === 64, name);
    }
  });

  it("of the user's is another one by a word", async () => {
    const one = await readPrompt("news-sentiment", write("Rate this: {text} Now."));
    const two = await readPrompt("news-sentiment", write("Rate it: {text} Now."));
    assert.deepEqual([one.name, one.before, one.after], ["mine", "Rate this:", "Now."]);
    assert.notEqual(one.hash, two.hash);
  });

  it("without a place for the text, with two, or without a file, is refused", async () => {
    const refused = (pattern: RegExp) => ({ name: "InvalidInput", message: pattern });
    await assert.rejects(
      readPrompt("news-sentiment", write("Rate.")),
      refused(/expected \{text\} once, where the text is to stand, found it 0 times/),
    );
    await assert.rejects(
      readPrompt("news-sentiment", write("{text} {text}")),
      refused(/found it 2 times/),
    );
    await assert.rejects(readPrompt("news-sentiment", "none.txt"), refused(/no such file/));
  });
});
