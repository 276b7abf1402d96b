import type { SecurityId } from "../market/security.ts";
import type { TextSignals } from "../text/text-inputs.ts";
import { Thread } from "../thread.ts";
import type { Company } from "./company.ts";
import { computeSecurity } from "./compute-security.ts";
import type { WorkerReply, WorkerSetup, WorkerTask } from "./compute-worker.ts";
import type { FactorDefinition } from "./define.ts";
import { ValueFiles } from "./value-files.ts";
import type { Vintage } from "./vintages.ts";

/** A security and what was known of its past. */
export interface SecurityToCompute {
  readonly id: SecurityId;
  readonly vintages: Vintage[];
  /** Whose security it is; undefined where nobody says, or no factor asks. */
  readonly company?: Company | undefined;
  /** What texts say about it; undefined where none does, or no factor asks. */
  readonly signals?: TextSignals | undefined;
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
      for (const { id, vintages, company, signals } of securities) {
        files.add(id, computeSecurity(factors, vintages, axis, market, window, company, signals));
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

/** Computes in worker threads, while this one reads: each has one task under way and one waiting. */
export function computeInThreads(threads: number, setup: WorkerSetup): ComputePool {
  const pool = Array.from(
    { length: threads },
    (_, at) =>
      new Thread<WorkerTask, WorkerReply>(new URL("compute-worker.ts", import.meta.url), {
        ...setup,
        writer: `${setup.writer}-${at}`,
      }),
  );
  const underWay = new Set<Promise<unknown>>();
  let broken: unknown;
  return {
    async add(securities) {
      while (pool.every(({ pending }) => pending >= 2)) await Promise.race(underWay);
      if (broken !== undefined) throw broken as Error;
      const thread = pool.reduce((least, other) => (other.pending < least.pending ? other : least));
      const sent = thread
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
      const replies = await Promise.all(pool.map((thread) => thread.send(undefined)));
      return replies.reduce((sum, { rows }) => sum + rows, 0);
    },
    async abandon() {
      await Promise.all(pool.map((thread) => thread.terminate()));
    },
  };
}
