import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("timed.ts", import.meta.url));

/** What one command took, as a process of its own. */
export interface Timed {
  readonly seconds: number;
  /** Of all its threads together. */
  readonly cpuSeconds: number;
  /** Most memory the process held. */
  readonly peakMiB: number;
  readonly stdout: string;
}

/** Runs `quarry ...args` in a process of its own, with `QUARRY_HOME` set. */
export async function runTimed(home: string, ...args: readonly string[]): Promise<Timed> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: { ...process.env, QUARRY_HOME: home },
  });
  const [stdout, stderr, figures] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    text(child.stdio[3] as Readable),
    once(child, "close"),
  ]);
  if (child.exitCode !== 0) throw new Error(`quarry ${args.join(" ")} failed:\n${stderr}`);
  return { ...(JSON.parse(figures) as Omit<Timed, "stdout">), stdout };
}
