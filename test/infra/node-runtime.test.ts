import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { examples } from "./support/configurations.ts";
import { EngineStandIn, type Registered } from "./support/engine-stand-in.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");

interface Ran {
  readonly code: number | null;
  readonly said: string;
  readonly engine: EngineStandIn;
  readonly startedMs: number;
}

/** Runs the program as the language host does: in a process of its own, with its configuration in the environment. */
async function runProgram(values: Readonly<Record<string, unknown>>): Promise<Ran> {
  const engine = new EngineStandIn();
  const address = await engine.start();
  const config = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const startedMs = Date.now();
  const child = spawn(
    process.execPath,
    [
      runner,
      ...["--monitor", address, "--engine", address],
      ...["--organization", "organization", "--project", "quarry", "--stack", "dev"],
      ...["--pwd", root, "--root-directory", root, "--parallel", "32"],
      "infra/index.ts",
    ],
    {
      cwd: root,
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
        PULUMI_NODEJS_TYPESCRIPT: "false",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  }
  const [code] = (await once(child, "close")) as [number | null];
  engine.stop();
  return { code, said, engine, startedMs };
}

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
