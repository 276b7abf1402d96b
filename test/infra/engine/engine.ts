import { fork, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { once } from "node:events";
import { parse, stringify } from "yaml";
import type { Order } from "./aws-provider.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** True where the `pulumi` program is on the PATH. */
export function hasEngine(): boolean {
  return spawnSync("pulumi", ["version"], { stdio: "ignore" }).status === 0;
}

/** What the simulated cloud holds. */
export interface Held {
  readonly things: readonly {
    readonly type: string;
    readonly id: string;
    readonly inputs: Readonly<Record<string, unknown>>;
  }[];
  readonly objects: readonly string[];
}

/** How a run of the engine ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
  /** Steps by kind: same, create, update, replace, delete. */
  readonly changes: Readonly<Record<string, number>>;
}

/** A provider in a process of its own. */
async function startProvider(file: string): Promise<{ child: ChildProcess; port: string }> {
  const child = fork(new URL(file, import.meta.url), [], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  return { child, port: line.toString().trim() };
}

/** The real engine with simulated providers, on a backend of files in a folder. */
export class Engine {
  readonly #folder: string;
  readonly #aws: ChildProcess;
  readonly #awsx: ChildProcess;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(
    folder: string,
    aws: { child: ChildProcess; port: string },
    awsx: { child: ChildProcess; port: string },
  ) {
    this.#folder = folder;
    this.#aws = aws.child;
    this.#awsx = awsx.child;
    this.#environment = {
      ...process.env,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},awsx:${awsx.port}`,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      NO_COLOR: "1",
    };
  }

  static async start(folder: string): Promise<Engine> {
    mkdirSync(join(folder, "state"), { recursive: true });
    // The project as it is, but for where it keeps the configuration of its stacks.
    const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as object;
    const main = join(root, "infra", "index.ts");
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ ...project, main }));
    const [aws, awsx] = await Promise.all([
      startProvider("aws-provider.ts"),
      startProvider("awsx-provider.ts"),
    ]);
    return new Engine(folder, aws, awsx);
  }

  /** Makes a stack, or gives one other values. */
  async configure(stack: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const file = join(this.#folder, `Pulumi.${stack}.yaml`);
    if (!existsSync(file)) {
      const made = await this.run(["stack", "init", stack]);
      if (made.code !== 0) throw new Error(made.output);
    }
    const { encryptionsalt } = parse(readFileSync(file, "utf8")) as { encryptionsalt: string };
    writeFileSync(file, stringify({ encryptionsalt, config: values }));
  }

  /** @param flags besides those that every run has */
  up(stack: string, ...flags: string[]): Promise<Ended> {
    return this.#stack(stack, ["up", "--yes", "--skip-preview", ...flags]);
  }

  refresh(stack: string): Promise<Ended> {
    return this.#stack(stack, ["refresh", "--yes", "--skip-preview"]);
  }

  destroy(stack: string): Promise<Ended> {
    return this.#stack(stack, ["destroy", "--yes", "--skip-preview"]);
  }

  /** The state as the engine keeps it, JSON. */
  async state(stack: string): Promise<string> {
    const { output } = await this.run(["stack", "export", "--stack", stack]);
    return output;
  }

  /** Says something to the cloud. @returns what it holds */
  async cloud(order: Order): Promise<Held> {
    const answer = once(this.#aws, "message") as Promise<[Held]>;
    this.#aws.send(order);
    return (await answer)[0];
  }

  stop(): void {
    this.#aws.kill();
    this.#awsx.kill();
  }

  #stack(stack: string, args: readonly string[]): Promise<Ended> {
    return this.run([...args, "--stack", stack]);
  }

  async run(args: readonly string[]): Promise<Ended> {
    const startedMs = performance.now();
    const child = spawn(
      "pulumi",
      ["-C", this.#folder, "--non-interactive", "--color", "never", ...args],
      {
        env: this.#environment,
      },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    const [code] = (await once(child, "close")) as [number | null];
    const counts = [
      ...output.matchAll(/^\s+[+~±\-+=]*\s*(\d+) (created|updated|replaced|deleted|unchanged)$/gm),
    ];
    return {
      code: code ?? 1,
      output,
      seconds: (performance.now() - startedMs) / 1000,
      changes: Object.fromEntries(counts.map(([, count, kind]) => [kind!, Number(count)])),
    };
  }
}
