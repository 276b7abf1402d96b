import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../jobs/cli.ts", import.meta.url));

/** What a command took. */
export interface Measured {
  readonly stdout: string;
  readonly seconds: number;
  /** Of all cores together, those of its children included. */
  readonly cpuSeconds: number;
  readonly maxRssMb: number;
}

/** Prints a line of a result. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a command of the CLI in a process of its own, by the system's clock of its resources. */
export async function measured(args: readonly string[], home: string): Promise<Measured> {
  const code =
    "import resource, subprocess, sys, time\n" +
    "t = time.time()\n" +
    "p = subprocess.run(sys.argv[1:])\n" +
    "u = resource.getrusage(resource.RUSAGE_CHILDREN)\n" +
    "print('\\n@', time.time() - t, u.ru_utime + u.ru_stime, u.ru_maxrss / 1000, p.returncode, file=sys.stderr)\n";
  const child = spawn("python3", ["-c", code, process.execPath, cli, ...args], {
    env: { ...process.env, QUARRY_HOME: home, QUARRY_LOG: "error" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await new Promise((resolve) => child.on("close", resolve));
  const line = /@ (\S+) (\S+) (\S+) (\S+)/.exec(stderr);
  if (line === null || line[4] !== "0") throw new Error(`quarry ${args.join(" ")}: ${stderr}`);
  const [, seconds, cpuSeconds, maxRssMb] = line.map(Number);
  return { stdout, seconds: seconds!, cpuSeconds: cpuSeconds!, maxRssMb: maxRssMb! };
}
