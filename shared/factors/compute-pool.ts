import { Worker } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import type { SecurityId } from "../market/security.ts";
import { computeSecurity } from "./compute-security.ts";
import type { WorkerReply, WorkerSetup, WorkerTask } from "./compute-worker.ts";
import type { FactorDefinition } from "./define.ts";
import { ValueFiles } from "./value-files.ts";
import type { Vintage } from "./vintages.ts";

/** A security and what was known of its past. */
export interface SecurityToCompute {
  readonly id: SecurityId;
  readonly vintages: Vintage[];
}

/** Computes securities one after the other and leaves files of values. */
export interface ComputePool {
  /** Takes some securities; resolves when there is room for more. */
  add(securities: readonly SecurityToCompute[]): Promise<void>;
  /** Ends the work. @returns values written */
  finish(): Promise<number>;
  /** Gives the work up. */
  abandon(): Promise<void>;
}

/** Computes in this thread: for little work. */
export function computeHere(factors: readonly FactorDefinition[], setup: WorkerSetup): ComputePool {
  const { folder, writer, axis, market, window } = setup;
  const files = new ValueFiles(folder, writer, factors, axis, window);
  return {
    add(securities) {
      for (const { id, vintages } of securities) {
        files.add(id, computeSecurity(factors, vintages, axis, market, window));
      }
      return Promise.resolve();
    },
    finish() {
      files.flush();
      return Promise.resolve(files.rows);
    },
    abandon: () => Promise.resolve(),
  };
}

/** One worker thread with at most two tasks: one under way, one waiting. */
class Lane {
  readonly #worker: Worker;
  readonly #replies: { resolve: (reply: WorkerReply) => void; reject: (error: unknown) => void }[] =
    [];
  pending = 0;
  /** Why the thread ended; a task that is sent to one that did would never be answered. */
  #ended: Error | undefined;

  constructor(setup: WorkerSetup) {
    this.#worker = new Worker(new URL("compute-worker.ts", import.meta.url), { workerData: setup });
    this.#worker.on("message", (reply: WorkerReply) => this.#replies.shift()?.resolve(reply));
    this.#worker.on("error", (thrown) => {
      this.#end(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
    });
    this.#worker.on("exit", () => {
      this.#end(new Error("A thread that computes factors ended before its work did."));
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#replies.splice(0)) reject(this.#ended);
  }

  async send(task: WorkerTask): Promise<WorkerReply> {
    if (this.#ended !== undefined) throw this.#ended;
    this.pending++;
    try {
      return await new Promise<WorkerReply>((resolve, reject) => {
        this.#replies.push({ resolve, reject });
        this.#worker.postMessage(task);
      });
    } finally {
      this.pending--;
    }
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Computes in worker threads, while this one reads. */
export function computeInThreads(threads: number, setup: WorkerSetup): ComputePool {
  const lanes = Array.from(
    { length: threads },
    (_, at) => new Lane({ ...setup, writer: `${setup.writer}-${at}` }),
  );
  const underWay = new Set<Promise<unknown>>();
  let broken: unknown;
  return {
    async add(securities) {
      while (lanes.every(({ pending }) => pending >= 2)) await Promise.race(underWay);
      if (broken !== undefined) throw broken as Error;
      const lane = lanes.reduce((least, other) => (other.pending < least.pending ? other : least));
      const sent = lane
        .send({ securities })
        .catch((error: unknown) => {
          broken = error;
        })
        .finally(() => underWay.delete(sent));
      underWay.add(sent);
    },
    async finish() {
      await Promise.all(underWay);
      if (broken !== undefined) throw broken as Error;
      const replies = await Promise.all(lanes.map((lane) => lane.send(undefined)));
      return replies.reduce((sum, { rows }) => sum + rows, 0);
    },
    async abandon() {
      await Promise.all(lanes.map((lane) => lane.terminate()));
    },
  };
}
