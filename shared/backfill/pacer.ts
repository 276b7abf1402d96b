import { secondMs } from "../units.ts";

/** Starts are this much further apart than the rate says, so that what the network bunches stays within it. */
const slack = 1.02;

/** A start that came late brings the next one no nearer than this, ms: half of a second's slack. */
const catchUpMs = 10;

/** The least part of its rate that a throttled lane keeps. */
const leastShare = 1 / 16;

/** Answers after which a lane that was slowed down to a half runs at its full rate again, in seconds of that rate. */
const recoverySeconds = 20;

/**
 * When requests may start: evenly spaced, so that no rolling second holds more than the rate, and neither do several
 * pacers that share a budget. Halves its rate when the source says it is too fast, and recovers by answers.
 */
export class Pacer {
  readonly #ratePerSecond: number;
  #share = 1;
  /** Ms when the next request may start. */
  #next = 0;
  /** Ms until which one more complaint tells nothing new. */
  #slowedUntil = 0;

  /** @param ratePerSecond requests that may start in any rolling second; below 1 one in so many seconds */
  constructor(ratePerSecond: number) {
    this.#ratePerSecond = ratePerSecond;
  }

  /** Requests a second at the moment. */
  get ratePerSecond(): number {
    return this.#ratePerSecond * this.#share;
  }

  /** Ms to wait before the next start. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#next - nowMs);
  }

  /** A request starts. */
  started(nowMs: number): void {
    const spacing = (slack * secondMs) / this.ratePerSecond;
    this.#next = Math.max(this.#next, nowMs - catchUpMs) + spacing;
  }

  /** The first reply came: the request before it may have arrived as late as that, so the next one is a whole pace away. */
  warmed(nowMs: number): void {
    this.#next = Math.max(this.#next, nowMs + (slack * secondMs) / this.ratePerSecond);
  }

  /** The source answered. */
  answered(): void {
    this.#share = Math.min(1, this.#share + 0.5 / (this.#ratePerSecond * recoverySeconds));
  }

  /**
   * The source said that it is asked too often.
   *
   * @param retryAfterMs how long it wants to be left alone
   */
  throttled(nowMs: number, retryAfterMs = 0): void {
    this.#next = Math.max(this.#next, nowMs + retryAfterMs);
    // Of many requests under way all are refused together: that is one complaint.
    if (nowMs < this.#slowedUntil) return;
    this.#share = Math.max(leastShare, this.#share / 2);
    this.#slowedUntil = nowMs + Math.max(secondMs, retryAfterMs);
  }
}
