import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import pRetry from "p-retry";
import { SourceUnavailable } from "../errors.ts";
import type { Log } from "../log.ts";
import { minuteMs, secondMs } from "../units.ts";

/** How a source may be asked. */
export interface LaneOptions {
  /** The source and where it is served, for messages. */
  readonly name: string;
  /** Requests that may start in any rolling second. */
  readonly ratePerSecond: number;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Attempts before a request is given up, the first included. */
  readonly attempts: number;
  /** Requests given up in a row that close the lane. */
  readonly breakAfter: number;
  readonly log: Log;
}

/** The lane is closed: the source did not answer too many times in a row. */
export class LaneClosed extends SourceUnavailable {}

/**
 * The one way to a source: keeps to its rate, tries again when it can't answer, and closes when it goes on not answering.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #queue: PQueue;
  /** Requests that wait for their turn. */
  readonly #waiting = new Set<AbortController>();
  #givenUp = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    const { ratePerSecond, concurrency } = options;
    // A rolling window: never more than the rate in any second, also across the border of two.
    this.#queue = new PQueue({
      concurrency,
      interval: ratePerSecond < 1 ? secondMs / ratePerSecond : secondMs,
      intervalCap: Math.max(1, Math.floor(ratePerSecond)),
      strict: true,
    });
  }

  /**
   * Runs a request when the rate allows it, again after a pause when the source can't answer.
   *
   * @throws LaneClosed when too many requests before it were given up
   * @throws SourceUnavailable when this one is
   */
  async run<Result>(request: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { attempts, name, log } = this.#options;
    try {
      const result = await pRetry((attempt) => this.#once(request, attempt, signal), {
        retries: attempts - 1,
        minTimeout: secondMs,
        maxTimeout: minuteMs,
        randomize: false,
        signal,
        shouldRetry: ({ error }) =>
          error instanceof SourceUnavailable && !(error instanceof LaneClosed),
        onFailedAttempt: async ({ error, attemptNumber }) => {
          log.debug({ lane: name, attemptNumber, reason: error.message }, "request failed");
          const pauseMs = error instanceof SourceUnavailable ? (error.retryAfterMs ?? 0) : 0;
          // An abort ends the pause; what follows it finds the signal aborted.
          if (attemptNumber < attempts && pauseMs > 0) {
            await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
          }
        },
      });
      this.#givenUp = 0;
      return result;
    } catch (thrown) {
      if (thrown instanceof SourceUnavailable && !(thrown instanceof LaneClosed)) this.#giveUp();
      throw thrown;
    }
  }

  async #once<Result>(
    request: () => Promise<Result>,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Result> {
    if (this.#isClosed) throw this.#closed();
    const waiting = new AbortController();
    this.#waiting.add(waiting);
    const start = (): Promise<Result> => {
      this.#waiting.delete(waiting);
      return request();
    };
    try {
      return await this.#queue.add(start, {
        // Later attempts go first: behind thousands of first ones they would keep the lane open to a source that is down.
        priority: attempt,
        // Those that wait end at once: the rate is no reason to hold up a stop.
        signal: AbortSignal.any([signal, waiting.signal]),
      });
    } finally {
      this.#waiting.delete(waiting);
    }
  }

  get #isClosed(): boolean {
    return this.#givenUp >= this.#options.breakAfter;
  }

  #closed(): LaneClosed {
    return new LaneClosed(
      `The lane to ${this.#options.name} is closed: ${this.#givenUp} requests in a row were not answered. Try again later.`,
    );
  }

  #giveUp(): void {
    this.#givenUp++;
    if (!this.#isClosed) return;
    for (const waiting of this.#waiting) waiting.abort(this.#closed());
  }
}
