#!/usr/bin/env node
// Finds a Node that runs TypeScript as it stands, and hands the command line over to it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [major, minor] = process.versions.node.split(".").map(Number);
const bundled = here("../node_modules/node/bin/node");

if (major > 24 || (major === 24 && minor >= 12)) {
  await import("../jobs/cli.ts");
} else if (!existsSync(bundled)) {
  process.stderr.write(
    `quarry: expected Node 24 beside the code, this is ${process.version}; run "npm ci" in the clone, which installs it.\n`,
  );
  process.exitCode = 1;
} else {
  // The extra channel tells the child when this process dies without a word (SIGKILL).
  const child = spawn(bundled, [here("../jobs/cli.ts"), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : (code ?? 1);
  });
}
