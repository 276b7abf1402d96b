import assert from "node:assert/strict";
import { fileStore } from "../../shared/objects/file-store.ts";
import { readScore, scoreKeys } from "../../shared/text/score-record.ts";
import { uniform } from "../factors/support/made-inputs.ts";
import { killWhileScoring } from "../support/score-kills.ts";
import { useTempFolder } from "../support/temp-folder.ts";

describe("scoring that is killed", () => {
  const folder = useTempFolder();

  it("loses nothing, and pays for no more than was under way", async function () {
    this.timeout(180_000);
    const options = { texts: 120, kills: 3, concurrency: 8, delayMs: 20 };
    const { asked, underWay, last } = await killWhileScoring(folder(), options, uniform(7));
    assert.equal(last.scored, 120);
    assert.ok(last.bought > 0 && last.bought < 120, "it was killed on the way");
    assert.ok(asked >= 120 && asked <= 120 + underWay, `${asked} asked, ${underWay} under way`);
    const objects = fileStore(folder());
    const keys: string[] = [];
    for await (const key of scoreKeys(objects)) keys.push(key);
    assert.equal(new Set(keys).size, 120);
    for (const key of keys) assert.equal((await readScore(objects, key))!.state, "scored");
  });
});
