import assert from "node:assert/strict";
import { example } from "./support/configurations.ts";
import { record } from "./support/recorder.ts";

describe("the stack", () => {
  it("prints", async () => {
    const { resources, outputs } = await record(example("development"));
    console.log(resources.length, JSON.stringify(outputs, null, 1));
    console.log(resources.map(({ type, name }) => `${type} ${name}`).join("\n"));
    assert.ok(resources.length > 100);
  });
});
