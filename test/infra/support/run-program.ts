import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { EngineStandIn } from "./engine-stand-in.ts";
import type { answerOf } from "./recorder.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");

/** How the program ended, and what the engine's stand-in saw of it. */
export interface Ran {
  readonly code: number | null;
  readonly said: string;
  readonly engine: EngineStandIn;
  /** Ms since 1970. */
  readonly startedMs: number;
}

/** Runs the program as the language host does: in a process of its own, with its configuration in the environment. */
export async function runProgram(
  values: Readonly<Record<string, unknown>>,
  answer?: typeof answerOf,
): Promise<Ran> {
  const engine = new EngineStandIn(answer);
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
