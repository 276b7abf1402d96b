import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const lines = readFileSync(`${root}containers/job/Dockerfile`, "utf8")
  .replaceAll(/\\\n/g, " ")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));
const of = (instruction: string): string[] =>
  lines
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1).trim());

// What can be told without an engine; `containers/build-without-engine.sh` builds it and runs the demo in it.
describe("the image", () => {
  it("stands on a base that is pinned by digest, in every stage", () => {
    const [base] = of("ARG").filter((line) => line.startsWith("BASE="));
    assert.match(base!, /^BASE=node:24-[\w-]*slim@sha256:[0-9a-f]{64}$/);
    const stages = of("FROM");
    assert.equal(stages.length, 2);
    for (const stage of stages) assert.match(stage, /^\$\{BASE\}( AS \w+)?$/);
  });

  it("holds what runs, and nothing of tests, development and deployment", () => {
    assert.ok(of("RUN").some((line) => line.startsWith("npm ci --omit=dev")));
    const copied = of("COPY").flatMap((line) =>
      line.startsWith("--from=") ? [] : line.split(/\s+/).slice(0, -1),
    );
    assert.deepEqual(
      copied.filter((path) => !existsSync(root + path)),
      [],
    );
    const wanted = new Set(copied.map((path) => path.split("/")[0]!));
    for (const absent of ["test", "infra", "docs", ".git", "containers"]) {
      assert.ok(!wanted.has(absent), absent);
    }
    // What is not asked for does not even enter the build.
    const entering = readFileSync(`${root}.dockerignore`, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    assert.deepEqual(new Set(entering), wanted);
  });

  it("runs quarry as nobody in particular, writes under /tmp alone, and hears SIGTERM", () => {
    assert.deepEqual(of("USER"), ["1000:1000"]);
    assert.deepEqual(of("ENTRYPOINT"), ['["node", "/quarry/bin/quarry.js"]']);
    assert.deepEqual(of("STOPSIGNAL"), ["SIGTERM"]);
    const [environment] = of("ENV");
    assert.match(environment!, /HOME=\/tmp\b.*QUARRY_HOME=\/tmp\/quarry\b/);
  });

  it("says of which revision it is", () => {
    assert.ok(of("LABEL").some((line) => line.includes('image.revision="${REVISION}"')));
    assert.ok(of("ENV").some((line) => line.includes("QUARRY_REVISION=${REVISION}")));
  });

  it("has no secret in it", () => {
    const text = lines.join("\n");
    assert.doesNotMatch(text, /(PASSWORD|SECRET|TOKEN|KEY)=/);
  });
});
