import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { examples } from "./support/configurations.ts";
import { draw, picture } from "./picture.ts";
import type { Registered } from "./support/engine-stand-in.ts";
import { runProgram } from "./support/run-program.ts";

const parentOf = (all: readonly Registered[], name: string, type: RegExp): string => {
  const found = all.find((one) => one.name === name && type.test(one.type))!;
  return found.parent.split("::").at(-1)!;
};

describe("the program in Pulumi's own Node runtime", () => {
  it("loads, and registers everything under its component", async () => {
    const { code, said, engine, startedMs } = await runProgram(examples["development"]![1]);
    assert.equal(code, 0, said + engine.logged.join("\n"));
    const { registered } = engine;
    assert.ok(registered.length > 150, `${registered.length}`);
    // Asked for: under 3 s. Said, as a test asserts no times.
    console.log(
      `      ${registered.length} registrations, the last ${((engine.lastMs - startedMs) / 1000).toFixed(2)} s after the start of Node`,
    );
    assert.equal(parentOf(registered, "storage-raw-versions", /BucketVersioning/), "storage-raw");
    assert.equal(parentOf(registered, "storage-raw", /^quarry:/), "storage");
    assert.equal(parentOf(registered, "compute-factors", /JobDefinition/), "compute");
    assert.equal(parentOf(registered, "daily-prices", /lambda/), "functions");
    assert.equal(parentOf(registered, "network", /^awsx:ec2:Vpc/), "network");
    const loose = registered.filter(
      ({ type, parent }) =>
        type.startsWith("aws:") && parent.split("::")[2] === "pulumi:pulumi:Stack",
    );
    assert.deepEqual(
      loose.map(({ name }) => name),
      ["deployment"],
    );
    const twice = registered
      .map(({ urn }) => urn)
      .filter((urn, at, all) => all.indexOf(urn) !== at);
    assert.deepEqual(twice, []);
    // What reaches the children that the network's component makes elsewhere.
    assert.equal(registered.find(({ type }) => type === "awsx:ec2:Vpc")!.transforms, 1);
    const drawn = readFileSync(picture, "utf8");
    assert.equal(
      await draw(registered),
      drawn,
      'the picture is another: "npm run picture" draws it anew',
    );
  });

  it("ends with one line, and nothing made, where the configuration is wrong", async () => {
    const { code, engine } = await runProgram({
      ...examples["smallest"]![1],
      "quarry:image": "latest",
    });
    assert.notEqual(code, 0);
    assert.deepEqual(engine.logged, [
      'quarry:image: expected build, or REPOSITORY@sha256:DIGEST, got "latest".',
    ]);
    assert.deepEqual(
      engine.registered.filter(({ type }) => type !== "pulumi:pulumi:Stack"),
      [],
    );
  });
});
