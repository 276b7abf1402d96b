import { Worker, type Transferable } from "node:worker_threads";
import { messageOf } from "./errors.ts";

/** A worker thread that answers each task with one message, in the order in which they are sent. */
export class Thread<Task, Reply> {
  readonly #worker: Worker;
  readonly #replies: { resolve: (reply: Reply) => void; reject: (error: unknown) => void }[] = [];
  /** Tasks that are not answered yet. */
  pending = 0;
  /** Why the thread ended; a task that is sent to one that did would never be answered. */
  #ended: Error | undefined;

  /** @param setup what the script finds as its `workerData` */
  constructor(script: URL, setup: unknown) {
    this.#worker = new Worker(script, { workerData: setup });
    this.#worker.on("message", (reply: Reply) => this.#replies.shift()?.resolve(reply));
    this.#worker.on("error", (thrown) => {
      this.#end(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
    });
    this.#worker.on("exit", () => {
      this.#end(new Error("A worker thread ended before its work did."));
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#replies.splice(0)) reject(this.#ended);
  }

  /** @param transfer buffers that the thread takes over; this side can't read them any more */
  async send(task: Task, transfer: readonly Transferable[] = []): Promise<Reply> {
    if (this.#ended !== undefined) throw this.#ended;
    this.pending++;
    try {
      return await new Promise<Reply>((resolve, reject) => {
        this.#replies.push({ resolve, reject });
        this.#worker.postMessage(task, transfer);
      });
    } finally {
      this.pending--;
    }
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** The same numbers in memory that all threads see without a copy. */
export function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
