import assert from "node:assert/strict";
import { examples } from "../support/configurations.ts";
import { exampleStack } from "../support/reading.ts";
import { replaceOn } from "./replace-on.ts";

describe("the simulated cloud", () => {
  it("knows every type that an example asks for", async () => {
    // Does not prove that it treats them as AWS does: `npm run test:engine` runs them, where there is an engine.
    const asked = new Set<string>();
    for (const name of Object.keys(examples)) {
      for (const { type } of (await exampleStack(name)).resources) asked.add(type);
    }
    assert.deepEqual(
      [...asked].filter((type) => type.startsWith("aws:") && replaceOn[type] === undefined),
      [],
    );
  });
});
