import { systemClock, type Clock } from "../clock.ts";
import { messageOf, SourceUnavailable } from "../errors.ts";
import type { Log } from "../log.ts";
import { minuteMs, secondMs } from "../units.ts";
import { Pacer } from "./pacer.ts";

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
  readonly clock?: Clock;
  /** Aborted when the right to ask is lost: nothing is asked after that. */
  readonly lost?: AbortSignal | undefined;
}

/** The lane is closed: the source did not answer too many times in a row, forbids us to ask, or the right to ask is lost. */
export class LaneClosed extends SourceUnavailable {}

/** Refusals in a row, whatever was asked, after which a source is taken at its word. */
const refusalsToClose = 3;

/** A request that waits for its turn. */
interface Waiting {
  readonly attempt: number;
  readonly start: () => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * The one way to a source: keeps to its rate, slows down when it complains, tries again when it can't answer, and closes
 * when it goes on not answering.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  /** Later attempts first: behind thousands of first ones they would keep the lane open to a source that is down. */
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  #pumping = false;
  /** Aborted when nobody waits any more: the pause before the next start is of no use then. */
  #pause: AbortController | undefined;
  #givenUp = 0;
  /** Refusals since the last answer, and what the last one said. */
  #refusals = 0;
  #refusal = "";
  /**
   * True once a reply came. The first request takes longer on its way than those after it (names, connections, code that is
   * loaded), and arrives so much nearer to the second.
   */
  #isWarm = false;
  /** Requests that were started. */
  requests = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pacer = new Pacer(options.ratePerSecond);
    options.lost?.addEventListener("abort", () => {
      this.#refuseAll();
    });
  }

  /** Requests a second that it keeps to at the moment. */
  get ratePerSecond(): number {
    return this.#pacer.ratePerSecond;
  }

  /**
   * Runs a request when the rate allows it, again after a pause when the source can't answer.
   *
   * @throws LaneClosed when too many requests before it were given up
   * @throws SourceUnavailable when this one is
   */
  async run<Result>(request: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const { attempts, name, log } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await this.#once(request, attempt, signal);
        this.#givenUp = 0;
        this.#refusals = 0;
        this.#pacer.answered();
        return result;
      } catch (thrown) {
        signal.throwIfAborted();
        if (!(thrown instanceof SourceUnavailable) || thrown instanceof LaneClosed) throw thrown;
        if (thrown.forbidden) this.#refuse(thrown.message);
        if (thrown.throttled) this.#pacer.throttled(this.#clock.now(), thrown.retryAfterMs);
        if (attempt >= attempts) {
          this.#giveUp();
          throw thrown;
        }
        log.debug({ lane: name, attempt, reason: thrown.message }, "request failed");
        const backOffMs = Math.min(minuteMs, secondMs * 2 ** (attempt - 1));
        await this.#clock.sleep(Math.max(backOffMs, thrown.retryAfterMs ?? 0), signal);
      }
    }
  }

  async #once<Result>(
    request: () => Promise<Result>,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Result> {
    await this.#turn(attempt, signal);
    this.requests++;
    try {
      return await request();
    } finally {
      if (!this.#isWarm) this.#pacer.warmed(this.#clock.now());
      this.#isWarm = true;
      this.#underWay--;
      void this.#pump();
    }
  }

  /** Resolves when it is this request's turn, which is under way then; rejects when it is told to stop, or the lane closes. */
  #turn(attempt: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#isClosed) throw this.#closed();
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        leave();
        const reason: unknown = signal.reason;
        reject(reason instanceof Error ? reason : new Error(messageOf(reason)));
      };
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        if (this.#waiting.length === 0) this.#pause?.abort();
        signal.removeEventListener("abort", stop);
      };
      const waiting: Waiting = {
        attempt,
        start: () => {
          leave();
          resolve();
        },
        refuse: (reason) => {
          leave();
          reject(reason);
        },
      };
      signal.addEventListener("abort", stop);
      const before = this.#waiting.findIndex((other) => other.attempt < attempt);
      this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, waiting);
      void this.#pump();
    });
  }

  /** Starts those that wait, one at a time, as the pace and the requests under way allow. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#waiting.length > 0 && this.#underWay < this.#mostUnderWay) {
        const waitMs = this.#pacer.waitMs(this.#clock.now());
        if (waitMs > 0) {
          this.#pause = new AbortController();
          await this.#clock.sleep(waitMs, this.#pause.signal).catch(() => undefined);
          this.#pause = undefined;
          continue;
        }
        this.#pacer.started(this.#clock.now());
        this.#underWay++;
        this.#waiting[0]!.start();
      }
    } finally {
      this.#pumping = false;
    }
  }

  get #mostUnderWay(): number {
    return this.#isWarm ? this.#options.concurrency : 1;
  }

  get #isClosed(): boolean {
    const { breakAfter, lost } = this.#options;
    return this.#givenUp >= breakAfter || this.#isForbidden || lost?.aborted === true;
  }

  get #isForbidden(): boolean {
    return this.#refusals >= refusalsToClose;
  }

  #closed(): LaneClosed {
    const { name, lost } = this.#options;
    if (this.#isForbidden) {
      return new LaneClosed(
        `The lane to ${name} is closed: ${this.#refusal} Try again later, and more slowly; a ban ends by itself.`,
      );
    }
    return new LaneClosed(
      lost?.aborted === true
        ? `The right to ask ${name} went to somebody else. Try again later.`
        : `The lane to ${name} is closed: ${this.#givenUp} requests in a row were not answered. Try again later.`,
    );
  }

  #refuse(message: string): void {
    this.#refusals++;
    this.#refusal = /[.!?]$/.test(message) ? message : `${message}.`;
    if (this.#isClosed) this.#refuseAll();
  }

  #giveUp(): void {
    this.#givenUp++;
    if (this.#isClosed) this.#refuseAll();
  }

  #refuseAll(): void {
    for (const waiting of [...this.#waiting]) waiting.refuse(this.#closed());
  }
}
