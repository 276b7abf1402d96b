import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A ClickHouse that listens on loopback. */
export interface StartedServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the stand-in for a ClickHouse server in a process of its own, as a folder belongs to one process at a time.
 *
 * @param folder its data directory
 * @param password what user `default` has to say
 */
export async function startServer(folder: string, password = ""): Promise<StartedServer> {
  const entry = fileURLToPath(new URL("serve.ts", import.meta.url));
  const child = spawn(process.execPath, [entry, folder, password], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [address] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url: address,
    async stop() {
      // It ends when its input does, so it never outlives a test run that was killed.
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
