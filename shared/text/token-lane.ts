import { Lane, type LaneOptions } from "../backfill/lane.ts";
import { systemClock } from "../clock.ts";
import { minuteMs } from "../units.ts";

/**
 * A lane whose budget is tokens a minute, as language models have it: a question starts when the bucket holds what it may take, and
 * what it did not take goes back. Throttling slows it down, and is tried again.
 */
export class TokenLane {
  readonly #lane: Lane;
  readonly #perMs: number;
  readonly #capacity: number;
  readonly #clock: NonNullable<LaneOptions["clock"]>;
  #level: number;
  #filledMs: number;
  #turn: Promise<void> = Promise.resolve();
  #pause: AbortController | undefined;

  /** @param tokensPerMinute of the part of the budget that is held */
  constructor(tokensPerMinute: number, options: LaneOptions) {
    this.#lane = new Lane(options);
    this.#clock = options.clock ?? systemClock;
    this.#capacity = tokensPerMinute;
    this.#perMs = tokensPerMinute / minuteMs;
    // A bucket that begins full would spend two minutes' worth in the first.
    this.#level = tokensPerMinute / 2;
    this.#filledMs = this.#clock.now();
  }

  get requests(): number {
    return this.#lane.requests;
  }

  get ratePerSecond(): number {
    return this.#lane.ratePerSecond;
  }

  /**
   * Asks when there are tokens for it.
   *
   * @param tokens the most that it may take
   * @param taken what it did take, by its reply
   */
  async run<Reply>(
    tokens: number,
    request: () => Promise<Reply>,
    taken: (reply: Reply) => number,
    signal: AbortSignal,
  ): Promise<Reply> {
    // A question larger than the bucket waits for a full one, and leaves a debt.
    const wanted = Math.min(tokens, this.#capacity);
    const before = this.#turn;
    let next!: () => void;
    this.#turn = new Promise((resolve) => (next = resolve));
    try {
      await before;
      this.#fill();
      while (this.#level < wanted) {
        this.#pause = new AbortController();
        const either = AbortSignal.any([signal, this.#pause.signal]);
        const waitMs = Math.ceil((wanted - this.#level) / this.#perMs);
        await this.#clock.sleep(waitMs, either).catch(() => undefined);
        signal.throwIfAborted();
        this.#fill();
      }
      this.#level -= tokens;
    } finally {
      next();
    }
    let used = 0;
    try {
      const reply = await this.#lane.run(request, signal);
      used = taken(reply);
      return reply;
    } finally {
      this.#level += tokens - used;
      // Whoever waits for tokens may have them now.
      this.#pause?.abort();
    }
  }

  #fill(): void {
    const nowMs = this.#clock.now();
    this.#level = Math.min(this.#capacity, this.#level + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
  }
}
