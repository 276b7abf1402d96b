import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../bin/quarry.js", import.meta.url));

/** What a command left behind. */
export interface Outcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How `quarry` is run. */
export interface QuarryOptions {
  /** QUARRY_HOME; empty for none. */
  readonly home: string;
  /** Where it runs; here by default. */
  readonly cwd?: string;
  /** Beside those, and instead of those of this process that begin with QUARRY or CLICKHOUSE. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The Node that runs it; this one by default. */
  readonly node?: string;
  /** A process group of its own, as a terminal gives one. */
  readonly group?: boolean;
}

/** A command that is under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

/** Starts `quarry` in a child process. */
export function startQuarry(args: readonly string[], options: QuarryOptions): Running {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(QUARRY|CLICKHOUSE|YAHOO)_/.test(name),
  );
  const child = spawn(options.node ?? process.execPath, [entry, ...args], {
    env: {
      ...Object.fromEntries(inherited),
      QUARRY_HOME: options.home,
      ...options.environment,
    },
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.group === true,
  });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => (text[name] += chunk));
  }
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, ...text });
    });
  });
  return { child, outcome };
}

/** Runs `quarry` to its end. */
export function quarry(args: readonly string[], options: QuarryOptions): Promise<Outcome> {
  return startQuarry(args, options).outcome;
}
