import { Thread } from "../thread.ts";
import { Measurer, type Measurement, type MeasureSetup, type MeasureTask } from "./measure.ts";

/** Measures factors, perhaps several at once; each is measured by one thread, so the numbers are the same however many. */
export interface MeasurePool {
  /**
   * Begins with a factor as soon as there is room. The task's tables belong to the pool from then on.
   *
   * @returns a promise of the moment it began, which holds the promise of its measurement
   */
  begin(task: MeasureTask): Promise<{ readonly done: Promise<Measurement> }>;
  /** Ends the threads, whatever they are at. */
  close(): Promise<void>;
}

/** Measures in this thread. */
export function measureHere(setup: MeasureSetup): MeasurePool {
  const measurer = new Measurer(setup);
  return {
    begin: (task) => Promise.resolve({ done: Promise.resolve(measurer.measure(task)) }),
    close: () => Promise.resolve(),
  };
}

/**
 * Measures in worker threads, a factor in each, while this one loads the next.
 *
 * @param setup its prices lie in shared memory, or every thread gets a copy
 */
export function measureInThreads(threads: number, setup: MeasureSetup): MeasurePool {
  const script = new URL("measure-worker.ts", import.meta.url);
  const pool = Array.from(
    { length: threads },
    () => new Thread<MeasureTask, Measurement>(script, setup),
  );
  const underWay = new Set<Promise<unknown>>();
  return {
    async begin(task) {
      while (pool.every(({ pending }) => pending > 0)) await Promise.race(underWay);
      const thread = pool.find(({ pending }) => pending === 0)!;
      const tables = [task.table, ...(task.neutralized ? [task.neutralized.factor] : [])];
      const buffers = tables.map(({ values }) => values.buffer as ArrayBuffer);
      const done = thread.send(task, buffers);
      // Whoever waits for the measurement hears of a failure; waiting for room does not.
      const settled: Promise<unknown> = done.then(
        () => underWay.delete(settled),
        () => underWay.delete(settled),
      );
      underWay.add(settled);
      return { done };
    },
    async close() {
      await Promise.all(pool.map((thread) => thread.terminate()));
    },
  };
}
