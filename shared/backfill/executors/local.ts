import { spawn, type ChildProcess } from "node:child_process";
import type { ChildFailure, ChildState, Executor, OrderStatus, WorkOrder } from "./executor.ts";

interface Child {
  readonly shard: number;
  readonly process: ChildProcess;
  readonly startedMs: number;
  endedMs: number | undefined;
  state: ChildState;
  failure: ChildFailure | undefined;
}

/** An executor whose children can be looked at. */
export interface LocalExecutor extends Executor {
  /** Process ids of the children that run. */
  pids(): number[];
}

/** The last lines that a child wrote on stderr. */
const keptOutput = 2000;

/**
 * Children are processes on this machine. They end with this one, whatever ends it: the channel to them closes.
 *
 * @param cli path of the script that they run
 * @param environment of the children, beside QUARRY_RUN and QUARRY_SHARD
 */
export function localExecutor(
  cli: string,
  environment: Readonly<Record<string, string | undefined>>,
): LocalExecutor {
  const orders = new Map<string, { order: WorkOrder; children: Child[] }>();
  const idOf = (runId: string, name: string): string => `${runId} ${name}`;

  const start = (order: WorkOrder, shard: number): Child => {
    const process = spawn(globalThis.process.execPath, [cli, ...order.command], {
      env: { ...environment, QUARRY_RUN: order.runId, QUARRY_SHARD: String(shard) },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const child: Child = {
      shard,
      process,
      startedMs: Date.now(),
      endedMs: undefined,
      state: "running",
      failure: undefined,
    };
    let said = "";
    process.stderr!.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-keptOutput);
    });
    const timer = setTimeout(() => process.kill("SIGKILL"), order.timeoutSeconds * 1000);
    process.on("error", (error) => {
      said += error.message;
    });
    process.on("close", (exitCode, signal) => {
      clearTimeout(timer);
      child.endedMs = Date.now();
      child.state = exitCode === 0 ? "done" : exitCode === 75 ? "later" : "failed";
      if (child.state !== "done") {
        const lines = said.trim().split("\n");
        // The sentence that the command ends with, without its name.
        const last = lines.findLast((line) => line.startsWith("quarry: ")) ?? lines.at(-1) ?? "";
        const reason = last.replace(/^quarry: /, "");
        child.failure = {
          shard,
          state: child.state,
          exitCode,
          reason: signal ? `ended by ${signal}` : reason,
        };
      }
    });
    return child;
  };

  return {
    name: "local",

    pids: () =>
      [...orders.values()]
        .flatMap(({ children }) => children)
        .filter(({ state }) => state === "running")
        .flatMap(({ process }) => process.pid ?? []),

    submit(order) {
      const id = idOf(order.runId, order.name);
      if (!orders.has(id)) {
        const shards = Array.from({ length: order.children }, (_, shard) => shard);
        orders.set(id, { order, children: shards.map((shard) => start(order, shard)) });
      }
      return Promise.resolve();
    },

    status(runId, names) {
      return Promise.resolve(
        names.flatMap((name): OrderStatus[] => {
          const found = orders.get(idOf(runId, name));
          if (found === undefined) return [];
          const children = { waiting: 0, running: 0, done: 0, later: 0, failed: 0 };
          let vcpuSeconds = 0;
          for (const { state, startedMs, endedMs } of found.children) {
            children[state]++;
            vcpuSeconds += ((endedMs ?? Date.now()) - startedMs) / 1000;
          }
          const failures = found.children.flatMap(({ failure }) => failure ?? []);
          return [{ name, children, failures, vcpuSeconds }];
        }),
      );
    },

    cancel(runId, names) {
      for (const name of names) {
        for (const { process, state } of orders.get(idOf(runId, name))?.children ?? []) {
          if (state === "running") process.kill("SIGTERM");
        }
      }
      return Promise.resolve();
    },

    async close() {
      const running = [...orders.values()]
        .flatMap(({ children }) => children)
        .filter(({ state }) => state === "running");
      await Promise.all(
        running.map(({ process }) => {
          const closed = new Promise((resolve) => process.once("close", resolve));
          process.kill("SIGTERM");
          return closed;
        }),
      );
    },
  };
}
